import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { unstable_getMiniflareWorkerOptions } from "wrangler";
import * as z from "zod";

import { ENTRY_MODULE, memoryServicesEntry } from "./memory-services.ts";
import { LOOPBACK } from "./ports.ts";
import { PRODUCTION_WORKER_VARIABLE } from "./spawn-production-worker.ts";

// Runs the Worker as it is deployed: the bundle of a dry run on a workerd that listens itself. `wrangler dev` has a proxy in
// front, which on two cores ends at some 700 requests/s. Started by spawn-production-worker.ts; ends at SIGTERM.
const options = z
  .object({
    port: z.int(),
    projectFolder: z.string(),
    bundleFolder: z.string(),
    dataFolder: z.string(),
    inspectorPort: z.int().nullable(),
    vars: z.record(z.string(), z.string()),
  })
  .parse(JSON.parse(process.env[PRODUCTION_WORKER_VARIABLE] ?? "null"));

const wrangler = join(options.projectFolder, "node_modules", "wrangler", "bin", "wrangler.js");
execFileSync(
  process.execPath,
  [wrangler, "deploy", "--dry-run", "--outdir", options.bundleFolder],
  { cwd: options.projectFolder, stdio: ["ignore", "ignore", "inherit"] },
);
const { workerOptions } = unstable_getMiniflareWorkerOptions(
  join(options.projectFolder, "wrangler.toml"),
);
writeFileSync(
  join(options.bundleFolder, ENTRY_MODULE),
  memoryServicesEntry(workerOptions["ratelimits"]),
);
const bindings = z.record(z.string(), z.json()).parse(workerOptions["bindings"]);
const runtime = new Miniflare(
  convertV4MiniflareOptions({
    host: LOOPBACK,
    port: 0,
    // Nothing leaves the laptop: no fetch of Cloudflare's request data, no metrics.
    cf: false,
    resourcePersistencePath: options.dataFolder,
    ...(options.inspectorPort === null ? {} : { inspectorPort: options.inspectorPort }),
    workers: [
      {
        ...workerOptions,
        ratelimits: {},
        kvNamespaces: {},
        name: "gauntlet",
        rootPath: options.bundleFolder,
        modules: [ENTRY_MODULE, "worker.js"].map((name) => ({
          type: "ESModule",
          path: join(options.bundleFolder, name),
        })),
        bindings: { ...bindings, ...options.vars },
        unsafeDirectSockets: [{ host: LOOPBACK, port: options.port, proxy: false }],
      },
    ],
  }),
);
process.once("SIGTERM", () => void runtime.dispose().then(() => process.exit(0)));
await runtime.ready;

import { spawn, type ChildProcess } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { OPTIONAL_SECRETS } from "./optional-secrets.ts";
import { LOOPBACK } from "./ports.ts";
import { CLOCK_OFFSET_VAR } from "./shifted-clock.ts";
import type { WorkerOptions } from "./worker-process.ts";

/** Starts `wrangler dev` in a process group of its own; its output is piped. */
export function spawnWrangler(worker: WorkerOptions): ChildProcess {
  const { paths, port, vars, projectFolder, clockOffsetMs } = worker;
  const manifest = createRequire(import.meta.url).resolve("wrangler/package.json");
  // An env file that holds nothing keeps wrangler from reading `.dev.vars`, which is for a `wrangler dev` without us.
  const envFile = join(paths.folder, "no-variables.env");
  writeFileSync(envFile, "# The stack hands the variables over in the environment.\n");
  const options = [
    join(manifest, "..", "bin", "wrangler.js"),
    "dev",
    `--ip=${LOOPBACK}`,
    `--port=${port}`,
    `--inspector-ip=${LOOPBACK}`,
    "--inspector-port=0",
    `--persist-to=${paths.workerData}`,
    `--env-file=${envFile}`,
    "--show-interactive-dev-session=false",
    ...(clockOffsetMs === null ? [] : shiftedEntry(clockOffsetMs)),
    ...optionalSecrets({ ...process.env, ...vars }),
  ];
  return spawn(process.execPath, options, {
    cwd: projectFolder,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
    env: {
      ...process.env,
      ...vars,
      // Nothing leaves the laptop: no banner (it asks npm for updates), no metrics, no fetch of Cloudflare's request data.
      WRANGLER_HIDE_BANNER: "true",
      WRANGLER_SEND_METRICS: "false",
      WRANGLER_SEND_ERROR_REPORTS: "false",
      WRANGLER_WRITE_LOGS: "false",
      WRANGLER_REGISTRY_PATH: paths.workerRegistry,
      CLOUDFLARE_CF_FETCH_ENABLED: "false",
    },
  });
}

/** wrangler takes from the environment only what wrangler.toml names: so they stand in its arguments, where this machine's users can read them. */
function optionalSecrets(environment: NodeJS.ProcessEnv): string[] {
  return OPTIONAL_SECRETS.flatMap((name) => {
    const value = environment[name];
    return value === undefined ? [] : ["--var", `${name}:${value}`];
  });
}

/** The entry that shifts the rules' clock, in place of the one that wrangler.toml names. */
function shiftedEntry(clockOffsetMs: number): string[] {
  const entry = fileURLToPath(new URL("worker.ts", import.meta.url));
  return [entry, "--var", `${CLOCK_OFFSET_VAR}:${clockOffsetMs}`];
}

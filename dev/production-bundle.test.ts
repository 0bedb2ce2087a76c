import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { CLOCK_OFFSET_VAR } from "./shifted-clock.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";
import { PROJECT_FOLDER } from "./worker-settings.ts";

/** wrangler takes some seconds for a bundle. */
const BUILD_TIMEOUT_MS = 60_000;

function bundleOf(entry: string): string {
  const folder = temporaryFolder();
  const wrangler = join(PROJECT_FOLDER, "node_modules", "wrangler", "bin", "wrangler.js");
  const options = [wrangler, "deploy", entry, "--dry-run", "--outdir", folder];
  const env = { ...process.env, WRANGLER_SEND_METRICS: "false" };
  execFileSync(process.execPath, options, { cwd: PROJECT_FOLDER, env, stdio: "pipe" });
  return readFileSync(join(folder, "worker.js"), "utf8");
}

test(
  "the clock can be shifted in the local stack's entry, and not in what is deployed",
  { timeout: BUILD_TIMEOUT_MS },
  () => {
    expect(bundleOf("dev/worker.ts")).toContain(CLOCK_OFFSET_VAR);
    expect(bundleOf("src/worker.ts")).not.toContain(CLOCK_OFFSET_VAR);
  },
);

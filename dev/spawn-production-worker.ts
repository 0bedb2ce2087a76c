import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import type { WorkerOptions } from "./worker-process.ts";

/** Hands the options over in the environment, where `ps` does not show them: there are secrets among them. */
export const PRODUCTION_WORKER_VARIABLE = "GAUNTLET_PRODUCTION_WORKER";

const SCRIPT = fileURLToPath(new URL("production-worker.ts", import.meta.url));

/**
 * Starts the Worker as it is deployed, bundled and minified, on a workerd without `wrangler dev`'s proxy.
 *
 * It takes the place of `spawnWrangler` in WorkerOptions. `inspectorPort`: where a profiler may connect; null: nowhere. No
 * cron is triggered, and edited files are not noticed.
 */
export function spawnProductionWorker(
  inspectorPort: number | null,
): (worker: WorkerOptions) => ChildProcess {
  return ({ paths, port, vars, projectFolder }) => {
    const bundleFolder = join(paths.folder, "bundle");
    mkdirSync(bundleFolder, { recursive: true });
    const dataFolder = paths.workerData;
    const options = { port, projectFolder, bundleFolder, dataFolder, inspectorPort, vars };
    return spawn(process.execPath, [SCRIPT], {
      cwd: projectFolder,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
      env: {
        ...process.env,
        ...vars,
        [PRODUCTION_WORKER_VARIABLE]: JSON.stringify(options),
        WRANGLER_HIDE_BANNER: "true",
        WRANGLER_SEND_METRICS: "false",
        WRANGLER_SEND_ERROR_REPORTS: "false",
        WRANGLER_WRITE_LOGS: "false",
        CLOUDFLARE_CF_FETCH_ENABLED: "false",
      },
    });
  };
}

import { existsSync } from "node:fs";
import { join } from "node:path";

import { writeDevVars } from "./dev-vars-file.ts";
import { startLocalServices } from "./local-services.ts";
import { runUntilStopped } from "./run-until-stopped.ts";
import { lockState } from "./state-lock.ts";
import { stateFolder, statePaths } from "./state-paths.ts";
import { openState } from "./state.ts";
import { PROJECT_FOLDER, readWorkerSettings } from "./worker-settings.ts";

// Everything but the Worker, for a `npx wrangler dev` in another terminal.
await runUntilStopped(async () => {
  const paths = statePaths(stateFolder(process.env));
  const lock = await lockState(paths);
  try {
    const state = await openState(paths, readWorkerSettings(process.env).defaultNamespace);
    const isFirstStart = !state.bound.services;
    const services = await startLocalServices({
      paths,
      state,
      mode: "services",
      databaseUrl: process.env["DATABASE_URL"] || undefined,
      log: (line) => console.log(line),
    });
    try {
      writeDevVars(join(PROJECT_FOLDER, ".dev.vars"), services.workerVars);
    } catch (error) {
      await services.stop();
      throw error;
    }
    announce(services.databaseUrl, isFirstStart);
    return {
      failed: services.failed,
      stop: async () => {
        await services.stop();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
});

function announce(databaseUrl: string, isFirstStart: boolean): void {
  const workerData = join(PROJECT_FOLDER, ".wrangler", "state");
  const lines = [
    "",
    `Postgres, Neon endpoint and token issuer are up; .dev.vars names them.`,
    `  Postgres   ${databaseUrl}`,
    "",
    "In another terminal:",
    "  npx wrangler dev",
    "  npm run catalog -- dev/catalog.sample.json",
    "  npm run -s token -- --user <id>        and        npm run -s token -- --server",
    "",
    "That Worker keeps its journal in .wrangler/state, so it has a database of its own, apart from npm run dev.",
  ];
  if (isFirstStart && existsSync(workerData)) {
    lines.push(`This database is new, but ${workerData} is of an earlier one. Remove it first.`);
  }
  for (const line of [...lines, "", "Ctrl-C stops the services."]) console.log(line);
}

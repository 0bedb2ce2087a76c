import { randomBytes } from "node:crypto";

import { bannerLines } from "./banner.ts";
import { fromCaller, parseDevArguments, readPort } from "./command-line.ts";
import { prepareDemoGoal } from "./prepare-demo-goal.ts";
import { runUntilStopped } from "./run-until-stopped.ts";
import { startStack, type Stack } from "./stack.ts";
import { lockState } from "./state-lock.ts";
import { removeState, stateFolder, statePaths } from "./state-paths.ts";

/** Lines that tell of every request: worth having in worker.log, too many for a terminal. */
const REQUEST_LINE = /^\[wrangler:info\] [A-Z]+ \/|^\{"level":"info"|^$/;

await runUntilStopped(async (signal) => {
  const { reset, clockOffsetMs } = parseDevArguments(process.argv.slice(2));
  const stateDir = stateFolder(process.env);
  const port = readPort(process.env["PORT"]);
  if (reset) await dropState(stateDir);
  const catalogFile = process.env["CATALOG"];
  let isUp = false;
  const stack = await startStack({
    port,
    stateDir,
    catalogFile: catalogFile ? fromCaller(catalogFile) : undefined,
    databaseUrl: process.env["DATABASE_URL"] || undefined,
    clockOffsetMs,
    log: (line) => console.log(line),
    onWorkerOutput: (line) => {
      if (isUp && !REQUEST_LINE.test(line)) console.log(line);
    },
    signal,
  });
  try {
    await printBanner(stack, clockOffsetMs);
    isUp = true;
  } catch (error) {
    await stack.stop();
    throw error;
  }
  return stack;
});

async function dropState(folder: string): Promise<void> {
  const paths = statePaths(folder);
  const lock = await lockState(paths);
  removeState(paths);
  lock.release();
  console.log(`Dropped the local state in ${folder}.`);
}

/** The player is new at every start, so that the printed lines always have something to show. */
async function printBanner(stack: Stack, clockOffsetMs: number | null): Promise<void> {
  const userId = `player-${randomBytes(3).toString("hex")}`;
  const playerToken = await stack.playerToken(userId);
  const now = Date.now() + (clockOffsetMs ?? 0);
  const demoGoal = await prepareDemoGoal(stack.url, playerToken, now);
  const lines = bannerLines({
    baseUrl: stack.url,
    userId,
    playerToken,
    serverKey: stack.serverKey,
    operatorKey: stack.operatorKey,
    databaseUrl: stack.databaseUrl,
    workerLog: statePaths(stateFolder(process.env)).workerLog,
    catalog: `version ${stack.catalogVersion.slice(0, 12)}`,
    demoGoal,
    shiftedNow: clockOffsetMs === null ? null : new Date(now).toISOString(),
  });
  for (const line of lines) console.log(line);
}

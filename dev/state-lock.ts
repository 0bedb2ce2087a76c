import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import { findProcess, isStillRunning, type RunningProcess } from "./processes.ts";
import { RUNNING_PROCESS } from "./recorded-processes.ts";
import { StackProblem } from "./stack-problem.ts";
import { makeStateFolder, type StatePaths } from "./state-paths.ts";

/** How long two starts at the same moment may need to step on each other's lock. */
const SETTLE_MS = 50;

/** The right to use a state folder; `release` gives it back. */
export interface StateLock {
  release(): void;
}

/**
 * Takes the state folder for this process; a lock that a killed stack left is taken over.
 *
 * Throws StackProblem while another stack runs on the folder: two Workers on the same journal would write the same
 * positions twice.
 */
export async function lockState(paths: StatePaths): Promise<StateLock> {
  makeStateFolder(paths);
  const self = findProcess(process.pid);
  if (self === null) throw new Error("This process does not find itself in the process list.");
  if (!tryWrite(paths.lockFile, self)) {
    const owner = readOwner(paths.lockFile);
    if (owner !== null && isStillRunning(owner)) throw inUse(paths, owner);
    rmSync(paths.lockFile, { force: true });
    if (!tryWrite(paths.lockFile, self)) throw inUse(paths, readOwner(paths.lockFile));
  }
  await sleep(SETTLE_MS);
  const owner = readOwner(paths.lockFile);
  if (owner?.pid !== self.pid) throw inUse(paths, owner);
  return { release: () => rmSync(paths.lockFile, { force: true }) };
}

function tryWrite(path: string, self: RunningProcess): boolean {
  try {
    writeFileSync(path, JSON.stringify(self), { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

function readOwner(path: string): RunningProcess | null {
  try {
    return RUNNING_PROCESS.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return null;
  }
}

function inUse(paths: StatePaths, owner: RunningProcess | null): StackProblem {
  return new StackProblem(
    `Another local stack${owner === null ? "" : ` (process ${owner.pid})`} is running on ${paths.folder}. ` +
      "Stop it first, or give this one a folder of its own: GAUNTLET_STATE=.gauntlet/other PORT=8788 npm run dev",
  );
}

import { readFileSync, writeFileSync } from "node:fs";

import * as z from "zod";

import { isStillRunning, sendSignal, stopProcess, type RunningProcess } from "./processes.ts";
import type { StatePaths } from "./state-paths.ts";

/** A process as it is written into a file of the state folder. */
export const RUNNING_PROCESS = z.object({
  pid: z.int(),
  parentPid: z.int(),
  startedAt: z.string(),
  command: z.string(),
});

/** Remembers the processes that a stack has started. */
export function recordProcesses(paths: StatePaths, processes: readonly RunningProcess[]): void {
  writeFileSync(paths.processesFile, JSON.stringify(processes), { mode: 0o600 });
}

/** Ends what a killed stack left running; Postgres is looked after when it is started. */
export async function stopLeftovers(paths: StatePaths, log: (line: string) => void): Promise<void> {
  const leftovers = leftoverProcesses(paths);
  if (leftovers.length === 0) return;
  log(`Stopping ${leftovers.length} processes that an earlier run left behind.`);
  for (const leftover of leftovers) sendSignal(leftover.pid, "SIGKILL");
  const steps = [{ signal: "SIGKILL", waitMs: 2_000 }] as const;
  await Promise.all(leftovers.map((leftover) => stopProcess(leftover, steps)));
}

function leftoverProcesses(paths: StatePaths): RunningProcess[] {
  try {
    const recorded = z
      .array(RUNNING_PROCESS)
      .parse(JSON.parse(readFileSync(paths.processesFile, "utf8")));
    return recorded.filter(isStillRunning);
  } catch {
    // None were recorded, or the record was cut short by the kill: then the port check speaks up.
    return [];
  }
}

import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import { findProcess, stopProcess, type RunningProcess } from "./processes.ts";
import { StackProblem } from "./stack-problem.ts";

/** What postmaster.pid says: lines 1 and 8 of the file that Postgres keeps in its data folder. */
export interface PostmasterFile {
  readonly pid: number;
  /** `starting`, `ready` … ; null before Postgres has written it. */
  readonly status: string | null;
}

/** A fast shutdown writes a checkpoint; an immediate one leaves the rest to crash recovery, which is always safe. */
export const STOP_POSTGRES = [
  { signal: "SIGINT", waitMs: 8_000 },
  { signal: "SIGQUIT", waitMs: 3_000 },
  { signal: "SIGKILL", waitMs: 1_000 },
] as const;

/** Reads postmaster.pid, or null when there is none or it is not written yet. */
export function readPostmasterFile(dataDir: string): PostmasterFile | null {
  const path = join(dataDir, "postmaster.pid");
  if (!existsSync(path)) return null;
  const lines = readFileSync(path, "utf8").split("\n");
  const pid = Number(lines[0]);
  if (!Number.isSafeInteger(pid) || pid <= 0) return null;
  return { pid, status: lines[7]?.trim() || null };
}

/**
 * Ends the Postgres that a killed stack left behind in this data folder, if there is one.
 *
 * Only a process whose command line names this very folder is stopped. When the pid belongs to somebody else by now,
 * the file is removed, because Postgres itself would take that process for its other self and refuse to start.
 */
export async function stopOrphanedPostgres(
  dataDir: string,
  log: (line: string) => void,
): Promise<void> {
  const file = readPostmasterFile(dataDir);
  const running = file === null ? null : findProcess(file.pid);
  if (running === null) return;
  if (!isPostgresOf(dataDir, running)) {
    rmSync(join(dataDir, "postmaster.pid"), { force: true });
    return;
  }
  log(`Stopping the Postgres that an earlier run left behind (process ${running.pid}).`);
  if (!(await stopProcess(running, STOP_POSTGRES))) {
    throw new StackProblem(
      `A Postgres of an earlier run (process ${running.pid}) does not stop. End it yourself: kill -9 ${running.pid}`,
    );
  }
}

function isPostgresOf(dataDir: string, candidate: RunningProcess): boolean {
  return candidate.command.includes(`-D ${dataDir} `);
}

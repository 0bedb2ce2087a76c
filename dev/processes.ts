import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** One running process; with `startedAt` the pid names this process and not a later one of the same number. */
export interface RunningProcess {
  readonly pid: number;
  readonly parentPid: number;
  /** Opaque: clock ticks since boot on Linux, a date elsewhere. */
  readonly startedAt: string;
  /** The command line, arguments joined by spaces. */
  readonly command: string;
}

/** How often a dying process is looked at; a stop is felt at once, the looking costs nothing. */
const POLL_INTERVAL_MS = 20;

/** All running processes. Zombies are left out: they hold neither ports nor files. */
export function listProcesses(): RunningProcess[] {
  if (process.platform !== "linux") return listByPs(["-ax"]);
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => readProc(Number(pid)) ?? []);
}

/** The process with that pid, or null when there is none, or only a zombie. */
export function findProcess(pid: number): RunningProcess | null {
  if (process.platform === "linux") return readProc(pid);
  return listByPs(["-p", String(pid)])[0] ?? null;
}

/** Whether the very process that was recorded is running still; a reused pid is somebody else. */
export function isStillRunning(recorded: RunningProcess): boolean {
  return findProcess(recorded.pid)?.startedAt === recorded.startedAt;
}

/** The children of `pid`, their children and so on. */
export function descendantsOf(
  pid: number,
  all: readonly RunningProcess[] = listProcesses(),
): RunningProcess[] {
  const children = all.filter((each) => each.parentPid === pid);
  return children.flatMap((child) => [child, ...descendantsOf(child.pid, all)]);
}

/** A signal and how long to wait for its effect. */
export interface StopStep {
  readonly signal: NodeJS.Signals;
  readonly waitMs: number;
}

/** Sends the signals one after the other until the process has gone; answers whether it has. */
export async function stopProcess(
  target: RunningProcess,
  steps: readonly StopStep[],
): Promise<boolean> {
  for (const step of steps) {
    sendSignal(target.pid, step.signal);
    const giveUpAt = Date.now() + step.waitMs;
    do {
      if (!isStillRunning(target)) return true;
      await sleep(POLL_INTERVAL_MS);
    } while (Date.now() < giveUpAt);
  }
  return !isStillRunning(target);
}

/** Signals one process, or with a negative pid a group. One that has gone already is no failure. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

function readProc(pid: number): RunningProcess | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name stands in parentheses and may hold blanks and parentheses itself; fields count from behind it.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state, parentPid, threads, startedAt] = [fields[0], fields[1], fields[17], fields[19]];
    // The main thread of a killed process may be a zombie while others still hold its ports and files.
    const hasEnded = state === "X" || (state === "Z" && Number(threads) <= 1);
    if (hasEnded || startedAt === undefined) return null;
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
    return { pid, parentPid: Number(parentPid), startedAt, command };
  } catch {
    // It ended between the listing and the look.
    return null;
  }
}

function listByPs(selection: readonly string[]): RunningProcess[] {
  try {
    const options = [...selection, "-o", "pid=,ppid=,stat=,lstart=,command="];
    const output = execFileSync("ps", options, {
      encoding: "utf8",
      env: { ...process.env, LC_ALL: "C" },
      stdio: ["ignore", "pipe", "ignore"],
      maxBuffer: 16 * 1_048_576,
    });
    return output.split("\n").flatMap((line) => parsePsLine(line) ?? []);
  } catch {
    // `ps -p` ends with 1 when there is no such process.
    return [];
  }
}

function parsePsLine(line: string): RunningProcess | null {
  const match = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\S+\s+\S+\s+\S+\s+\S+\s+\S+)\s+(.*)$/.exec(line);
  if (match === null || match[3]?.startsWith("Z")) return null;
  return {
    pid: Number(match[1]),
    parentPid: Number(match[2]),
    startedAt: match[4] ?? "",
    command: match[5] ?? "",
  };
}

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** What the system says of one process. */
export interface ProcessRow {
  readonly pid: number;
  readonly parentPid: number;
  readonly command: string;
  /** User and system time since it started. */
  readonly cpuSeconds: number;
  readonly residentBytes: number;
}

/** Linux counts CPU time in hundredths of a second on every platform that Node runs on. */
const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4_096;

/** All processes with their CPU time and memory. */
export function readProcessTable(): ProcessRow[] {
  if (process.platform !== "linux") return parsePs(runPs());
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
        const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
        return parseProcStat(stat, command) ?? [];
      } catch {
        // It ended between the listing and the look.
        return [];
      }
    });
}

/** Reads one line of /proc/<pid>/stat; null when it is cut short. See proc(5). */
export function parseProcStat(stat: string, command: string): ProcessRow | null {
  // The name stands in parentheses and may hold blanks and parentheses itself; fields count from behind it.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [parentPid, user, system, pages] = [fields[1], fields[11], fields[12], fields[21]];
  if (pages === undefined) return null;
  return {
    pid: Number.parseInt(stat, 10),
    parentPid: Number(parentPid),
    command: command.replaceAll("\0", " ").trim(),
    cpuSeconds: (Number(user) + Number(system)) / TICKS_PER_SECOND,
    residentBytes: Number(pages) * PAGE_BYTES,
  };
}

/** Reads the lines of `ps -o pid=,ppid=,time=,rss=,command=`, where there is no /proc. */
export function parsePs(output: string): ProcessRow[] {
  return output.split("\n").flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+([\d:.-]+)\s+(\d+)\s+(.*)$/.exec(line);
    if (match === null) return [];
    return {
      pid: Number(match[1]),
      parentPid: Number(match[2]),
      cpuSeconds: parseCpuTime(match[3] ?? ""),
      residentBytes: Number(match[4]) * 1024,
      command: match[5] ?? "",
    };
  });
}

/** `1-02:03:04`, `02:03:04` or `3:04.56`. */
function parseCpuTime(text: string): number {
  const [days, clock] = text.includes("-") ? text.split("-") : ["0", text];
  const seconds = (clock ?? "").split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
  return Number(days) * 86_400 + seconds;
}

function runPs(): string {
  return execFileSync("ps", ["-axo", "pid=,ppid=,time=,rss=,command="], {
    encoding: "utf8",
    env: { ...process.env, LC_ALL: "C" },
    maxBuffer: 16 * 1_048_576,
  });
}

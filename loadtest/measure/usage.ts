import type { ProcessRow } from "./process-table.ts";

/** The parts whose CPU and memory are told apart. */
export const PARTS = [
  "workerd",
  "Postgres",
  "Neon endpoint",
  "generator",
  "runner",
  "others",
] as const;
export type Part = (typeof PARTS)[number];

/** What one part took between two looks. */
export interface PartUsage {
  /** 1 is a whole core. */
  readonly cores: number;
  readonly residentBytes: number;
}

/** Adds up what the processes of a family took between two looks, by part. A process that ended in between is not counted. */
export function usageBetween(
  before: readonly ProcessRow[],
  after: readonly ProcessRow[],
  seconds: number,
  rootPid: number,
): Record<Part, PartUsage> {
  const cpuBefore = new Map(before.map((row) => [row.pid, row.cpuSeconds]));
  const usage: Record<Part, { cores: number; residentBytes: number }> = {
    workerd: { cores: 0, residentBytes: 0 },
    Postgres: { cores: 0, residentBytes: 0 },
    "Neon endpoint": { cores: 0, residentBytes: 0 },
    generator: { cores: 0, residentBytes: 0 },
    runner: { cores: 0, residentBytes: 0 },
    others: { cores: 0, residentBytes: 0 },
  };
  for (const [row, part] of familyOf(rootPid, after)) {
    const spent = row.cpuSeconds - (cpuBefore.get(row.pid) ?? row.cpuSeconds);
    usage[part].cores += spent / seconds;
    usage[part].residentBytes += row.residentBytes;
  }
  return usage;
}

/** The process and all of its descendants, each with its part. */
function familyOf(rootPid: number, all: readonly ProcessRow[]): [ProcessRow, Part][] {
  const children = Map.groupBy(all, ({ parentPid }) => parentPid);
  const root = all.filter(({ pid }) => pid === rootPid);
  const family: [ProcessRow, Part][] = root.map((row) => [row, "runner"]);
  const open = root.flatMap(({ pid }) => children.get(pid) ?? []);
  for (let row = open.pop(); row !== undefined; row = open.pop()) {
    family.push([row, partOf(row.command)]);
    open.push(...(children.get(row.pid) ?? []));
  }
  return family;
}

function partOf(command: string): Part {
  if (/workerd(\.exe)? serve /.test(command)) return "workerd";
  if (/\bpostgres\b/.test(command)) return "Postgres";
  if (command.includes("endpoint-main.ts")) return "Neon endpoint";
  if (/generator[/\\]main\.ts|\bk6(\.exe)? run /.test(command)) return "generator";
  return "others";
}

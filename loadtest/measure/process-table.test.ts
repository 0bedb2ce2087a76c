import { expect, test } from "vitest";

import { parseProcStat, parsePs, readProcessTable } from "./process-table.ts";

test("a line of /proc reads right, also when the process has blanks and parentheses in its name", () => {
  const stat =
    "4711 (a (strange) name) S 42 4711 42 0 -1 4194560 1 0 0 0 250 150 0 0 20 0 9 0 100 999999 2048 184467";
  expect(parseProcStat(stat, "node\0main.ts\0")).toEqual({
    pid: 4711,
    parentPid: 42,
    command: "node main.ts",
    cpuSeconds: 4,
    residentBytes: 2048 * 4096,
  });
  expect(parseProcStat("4711 (cut) S 42", "")).toBeNull();
});

test("ps' times read right, with days, hours and fractions", () => {
  const output = [
    "  1  0    3:04.50  2048 /sbin/launchd",
    " 20  1 02:00:01     10 postgres -D /data",
    " 21  1 1-00:00:00   10 old",
    "not a process",
  ].join("\n");
  const rows = parsePs(output);
  expect(rows.map(({ cpuSeconds }) => cpuSeconds)).toEqual([184.5, 7_201, 86_400]);
  expect(rows[0]).toMatchObject({ pid: 1, parentPid: 0, residentBytes: 2_097_152 });
});

test("this process is in the table, with some CPU time and memory", () => {
  const own = readProcessTable().find(({ pid }) => pid === process.pid);
  expect(own?.residentBytes).toBeGreaterThan(10_000_000);
  expect(own?.cpuSeconds).toBeGreaterThan(0);
});

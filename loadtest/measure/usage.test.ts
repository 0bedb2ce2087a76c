import { expect, test } from "vitest";

import type { ProcessRow } from "./process-table.ts";
import { usageBetween } from "./usage.ts";

function row(pid: number, parentPid: number, command: string, cpuSeconds: number): ProcessRow {
  return { pid, parentPid, command, cpuSeconds, residentBytes: 1_000 };
}

function family(factor: number): ProcessRow[] {
  return [
    row(1, 0, "node loadtest/main.ts combined", 0.1 * factor),
    row(2, 1, "node loadtest/generator/main.ts", 0.2 * factor),
    row(3, 1, "node dev/production-worker.ts", 0.01 * factor),
    row(4, 3, "/node_modules/workerd serve --binary", 0.9 * factor),
    row(5, 1, "/usr/lib/postgres -D data", 0.05 * factor),
    row(6, 5, "postgres: gauntlet gauntlet", 0.15 * factor),
    row(7, 1, "node loadtest/stack/endpoint-main.ts", 0.07 * factor),
    row(8, 0, "workerd serve of somebody else", 5 * factor),
  ];
}

test("CPU and memory are told by part, the processes of others left out", () => {
  const usage = usageBetween(family(10), family(12), 2, 1);
  const cores = Object.fromEntries(
    Object.entries(usage).map(([part, { cores }]) => [part, Number(cores.toFixed(3))]),
  );
  expect(cores).toEqual({
    workerd: 0.9,
    Postgres: 0.2,
    "Neon endpoint": 0.07,
    generator: 0.2,
    runner: 0.1,
    others: 0.01,
  });
  expect(usage.Postgres.residentBytes).toBe(2_000);
});

test("a process that was not there before adds memory but no CPU of another time", () => {
  const usage = usageBetween([], family(1), 1, 1);
  expect(usage.workerd).toEqual({ cores: 0, residentBytes: 1_000 });
});

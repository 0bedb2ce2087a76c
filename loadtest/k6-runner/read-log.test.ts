import { expect, test } from "vitest";

import { readLog } from "./read-log.ts";

function entry(msg: string, level = "error"): string {
  return JSON.stringify({ level, msg, source: "console", time: "2026-01-01T00:00:00Z" });
}

test("what the virtual users wrote is read, and k6's own warnings are kept apart", () => {
  const problem = { is: "problem", phaseIndex: 0, endpoint: "claim", problem: "503" };
  const log = readLog(
    [
      entry(JSON.stringify({ is: "started", atMs: 5 })),
      entry(JSON.stringify(problem)),
      entry("Insufficient VUs", "warning"),
      entry("nothing to see", "info"),
      "",
    ].join("\n"),
  );
  expect(log.lines).toEqual([{ is: "started", atMs: 5 }, problem]);
  expect(log.complaints).toEqual(["Insufficient VUs"]);
});

test("a line of an unknown form is a complaint: an exception must not go unseen", () => {
  const log = readLog(["panic: x", entry('{"is":"other"}')].join("\n"));
  expect(log).toEqual({ lines: [], complaints: ["panic: x", '{"is":"other"}'] });
});

import { expect, test } from "vitest";

import { judge, reportLines } from "./report.ts";
import { runOverload } from "./run-overload.ts";

/** Start, load, outage and the longest pause of a shard, on a machine that does other things too. */
const TIMEOUT_MS = 120_000;

test(
  "some seconds without Postgres under more load than the journals hold end without loss, and without help",
  { timeout: TIMEOUT_MS },
  async () => {
    const options = {
      seconds: 6,
      knownPlayers: 100,
      vars: { JOURNAL_OPERATIONS_MAX: "4000" },
    };
    const report = await runOverload(options, () => undefined, new AbortController().signal);
    console.info(reportLines(report).join("\n"));
    const broken = judge(report).filter(({ isKept }) => !isKept);
    expect(broken.map(({ name, figure }) => `${name}: ${figure}`)).toEqual([]);
  },
);

import { expect, test } from "vitest";

import { judge } from "./report.ts";
import type { OverloadReport } from "./run-overload.ts";
import type { Sample } from "./sampler.ts";
import { Tally } from "./tally.ts";

/** A good run, in which a test may spoil the tally or replace a part. */
function reportOf(
  spoil: (tally: Tally) => void,
  wish: Partial<OverloadReport> = {},
): OverloadReport {
  const tally = new Tally();
  tally.taken("ada", true);
  tally.refused("a command", "1");
  tally.eventsRefused = 1;
  tally.reads = 1;
  spoil(tally);
  return {
    options: { seconds: 5, knownPlayers: 1 },
    tally,
    samples: [aSample({})],
    away: { fromMs: 0, toMs: 5_000 },
    recoveredAfterMs: 1_000,
    counts: { applied: 1, lost: 0, doubled: 0 },
    audit: { broken: [], counts: {} },
    ...wish,
  };
}

function aSample(wish: Partial<Sample>): Sample {
  const shards = { journalDepth: 0, dirtyPlayers: 0, parkedPlayers: 0 };
  return { atMs: 0, workerdBytes: 1, isolateBytes: 1, shards, ...wish };
}

function brokenIn(report: OverloadReport): string[] {
  return judge(report).flatMap(({ name, isKept }) => (isKept ? [] : [name]));
}

const nothing = () => undefined;
const oneLost = { applied: 0, lost: 1, doubled: 0 };
const oneDoubled = { applied: 1, lost: 0, doubled: 1 };
const invariant = { name: "", why: "", query: "" };

test("a run in which all was as it must be keeps every promise", () => {
  expect(brokenIn(reportOf(nothing))).toEqual([]);
});

test.each<[string, (tally: Tally) => void, Partial<OverloadReport>]>([
  ["acknowledged while away", (tally) => (tally.acknowledgedAway = 0), {}],
  ["limit met, refused", (tally) => (tally.eventsRefused = 0), {}],
  ["503 without Retry-After", (tally) => tally.refused("an event", null), {}],
  ["unexpected answers", (tally) => tally.surprise("a command got 500"), {}],
  ["reads from memory", (tally) => tally.readFailed("ada got 503"), {}],
  ["memory of the isolate", nothing, { samples: [aSample({ isolateBytes: 200 * 2 ** 20 })] }],
  ["memory of workerd", nothing, { samples: [aSample({ workerdBytes: 2 ** 31 })] }],
  ["recovered after", nothing, { recoveredAfterMs: null }],
  ["lost", nothing, { counts: oneLost }],
  ["doubled", nothing, { counts: oneDoubled }],
  [
    "audit findings",
    nothing,
    { audit: { broken: [{ invariant, count: 1, findings: [] }], counts: {} } },
  ],
])("a run with something wrong breaks the promise on it: %s", (name, spoil, wish) => {
  expect(brokenIn(reportOf(spoil, wish))).toEqual([name]);
});

import { expect, test } from "vitest";

import { compareGrants, type StoredGrant } from "./compare-grants.ts";
import { ExpectedPlayer } from "./expected-player.ts";

/** Ada claimed wins-2 and was paid; each part can be taken away or doubled. */
function world(change: {
  isClaimed?: boolean;
  lines?: readonly Partial<StoredGrant>[];
  keys?: readonly string[];
}) {
  const { isClaimed = true, lines = [{}], keys = ["key"] } = change;
  const player = new ExpectedPlayer();
  if (isClaimed) player.claimed("wins-2");
  const place = { userId: "ada", goalId: "wins-2" };
  const line = { ...place, grantId: "key", period: null, state: "granted" };
  return compareGrants(
    new Map([["ada", player]]),
    lines.map((wish) => ({ ...line, ...wish })),
    keys.map((key) => ({ ...place, key, namespace: "default" })),
  );
}

test("a claim with one line and one credit is as it must be", () => {
  expect(world({})).toEqual({ grants: 1, unsettled: 0, credits: 1, double: [] });
});

test("a goal that nobody claimed has none of the three", () => {
  const nothing = { grants: 0, unsettled: 0, credits: 0, double: [] };
  expect(world({ isClaimed: false, lines: [], keys: [] })).toEqual(nothing);
  const refused = world({ isClaimed: false, lines: [{ state: "rejected" }], keys: [] });
  expect(refused.double).toEqual([]);
});

test.each(["pending", "parked"])("a %s line may be paid or not, and is told", (state) => {
  for (const keys of [[], ["key"]]) {
    const found = world({ isClaimed: false, lines: [{ state }], keys });
    expect(found).toMatchObject({ double: [], unsettled: 1 });
  }
});

test.each([
  ["credited twice under one key", { keys: ["key", "key"] }, "credited 2 times under key"],
  ["credited under two keys", { keys: ["key", "other"] }, "under several keys"],
  ["written down twice", { lines: [{}, { grantId: "other" }] }, "several granted lines"],
  ["claimed and not credited", { keys: [] }, "is claimed and was never credited"],
  ["claimed and not written down", { lines: [] }, "has no granted line"],
  ["credited under another key", { keys: ["other"] }, "never credited under its key"],
  ["granted to nobody", { isClaimed: false }, "nobody was told of"],
  [
    "credited after a refusal",
    { isClaimed: false, lines: [{ state: "rejected" }] },
    "its claim came to nothing",
  ],
  ["credited without any line", { isClaimed: false, lines: [] }, "its claim came to nothing"],
])("what was %s is seen", (_, change, sentence) => {
  expect(world(change).double.join("; ")).toContain(sentence);
});

test("the same goal in two periods is two completions", () => {
  const lines = [{ period: "monday" }, { period: "tuesday", grantId: "other" }];
  expect(world({ lines, keys: ["key", "other"] }).double).toEqual([]);
});

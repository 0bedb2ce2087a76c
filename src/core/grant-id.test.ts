import { describe, expect, it } from "vitest";

import { aCatalog, aGoal } from "../../test/support/builders.ts";
import { aPlayer, present, readableDigest } from "../../test/support/player-builders.ts";
import type { Schedule } from "./catalog.ts";
import { grantIdOf } from "./claim.ts";
import type { PlayerKey } from "./player.ts";

interface Completion {
  readonly player?: Partial<PlayerKey>;
  readonly goalId?: string;
  readonly schedule?: Schedule | null;
  readonly period?: string | null;
  readonly round?: number;
}

function grantId({
  player = {},
  goalId = "ten-kills",
  schedule = "daily",
  period = "2026-03-09T00:00:00.000Z",
  round = 0,
}: Completion): string {
  const entry = present(aCatalog(aGoal({ goalId })).goals.get(goalId));
  return grantIdOf(aPlayer(player), entry, { period, round, schedule }, readableDigest);
}

describe("a grant id", () => {
  it("is the same for the same completion, whatever else is known of it", () => {
    const entry = present(aCatalog(aGoal({ rotation: {} })).goals.get("ten-kills"));
    const of = { period: "2026-03-09T00:00:00.000Z", round: 0, schedule: "daily" } as const;
    const completion = { ...of, completedAt: 5, until: 7 };
    expect(grantIdOf(aPlayer(), entry, completion, readableDigest)).toBe(grantId({}));
  });

  it.each<[string, Completion]>([
    ["namespace", { player: { namespace: "other" } }],
    ["user", { player: { userId: "bob" } }],
    ["goal", { goalId: "twenty-kills" }],
    ["period", { period: "2026-03-10T00:00:00.000Z" }],
    ["absence of a period", { period: null }],
    ["schedule, for a Monday starts a day and a week", { schedule: "weekly" }],
    ["absence of a schedule", { schedule: null }],
    ["round", { round: 1 }],
  ])("differs by %s", (_, completion) => {
    expect(grantId(completion)).not.toBe(grantId({}));
  });

  it.each<[string, Completion, Completion]>([
    [
      "a comma",
      { player: { userId: "a,b" }, goalId: "c" },
      { player: { userId: "a" }, goalId: "b,c" },
    ],
    [
      "a quote",
      { player: { userId: 'a","b' }, goalId: "c" },
      { player: { userId: "a" }, goalId: 'b","c' },
    ],
    [
      "a backslash",
      { player: { userId: "a\\" }, goalId: "c" },
      { player: { userId: "a" }, goalId: "\\c" },
    ],
    ["text that looks like null", { period: "null" }, { period: null }],
  ])("is not confused by %s in an id", (_, one, other) => {
    expect(grantId(one)).not.toBe(grantId(other));
  });

  it("is made from one JSON array by the digest it is given", () => {
    const entry = present(aCatalog(aGoal()).goals.get("ten-kills"));
    const digest = (text: string) => `<${text}>`;
    expect(grantIdOf(aPlayer(), entry, { period: null, round: 3, schedule: null }, digest)).toBe(
      '<["arena","ada","ten-kills",null,null,3]>',
    );
  });
});

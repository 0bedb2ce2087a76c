import { describe, expect, it } from "vitest";

import { aChallenge, aGoal, type GoalWish } from "../../test/support/builders.ts";
import { catalogChanges } from "./catalog-changes.ts";
import type { CatalogDocument } from "./catalog.ts";

describe("catalogChanges", () => {
  it("finds nothing between equal documents", () => {
    const document = one({ rotation: {}, prerequisites: ["other"] });
    const same = one({ rotation: {}, prerequisites: ["other"] });
    expect(catalogChanges(document, same)).toEqual({
      added: [],
      removed: [],
      changed: [],
      breaking: [],
    });
  });

  it("calls every goal of a first publish added", () => {
    const document = many("a", "b");
    expect(catalogChanges(null, document)).toMatchObject({ added: ["a", "b"], removed: [] });
  });

  it("lists added and removed goals in document order", () => {
    const changes = catalogChanges(many("z", "keep", "a"), many("y", "keep", "b"));
    expect(changes).toMatchObject({ added: ["y", "b"], removed: ["z", "a"], changed: [] });
  });

  // What changed | the goal before | the goal after | the fields that are named.
  const table: [string, GoalWish, GoalWish, string[]][] = [
    ["a name", { name: "old" }, { name: "new" }, ["name"]],
    ["a target", {}, { requirement: { targetValue: 20 } }, ["requirement.targetValue"]],
    [
      "a reward",
      {},
      { reward: { quantity: 5, rewardId: "GEMS" } },
      ["reward.rewardId", "reward.quantity"],
    ],
    ["a prerequisite", {}, { prerequisites: ["other"] }, ["prerequisites"]],
    ["a rotation that came", {}, { rotation: {} }, ["rotation"]],
    ["a rotation that went", { rotation: {} }, {}, ["rotation"]],
    [
      "a reset time",
      { rotation: {} },
      { rotation: { resetTime: "04:00" } },
      ["rotation.resetTime"],
    ],
    [
      "an expiry rule",
      { rotation: {} },
      { rotation: { onExpiry: { resetProgress: false } } },
      ["rotation.onExpiry.resetProgress"],
    ],
  ];
  it.each(table)(
    "names the fields of %s, and does not call it breaking",
    (_, before, after, fields) => {
      expect(catalogChanges(one(before), one(after))).toEqual({
        added: [],
        removed: [],
        changed: [{ goalId: "ten-kills", fields }],
        breaking: [],
      });
    },
  );

  it("calls a changed progress mode breaking", () => {
    const changes = catalogChanges(one({}), one({ requirement: { progressMode: "count" } }));
    expect(changes.breaking).toEqual(["ten-kills"]);
    expect(changes.changed).toEqual([
      { goalId: "ten-kills", fields: ["requirement.progressMode"] },
    ]);
  });

  it("shows a goal that moved to another challenge as changed, not as removed and added", () => {
    const after = { challenges: [aChallenge({ challengeId: "second-steps" })] };
    expect(catalogChanges(one({}), after)).toMatchObject({
      added: [],
      removed: [],
      changed: [{ goalId: "ten-kills", fields: ["challengeId"] }],
    });
  });

  it("shows a moved window on each goal of the challenge", () => {
    const goals = [aGoal({ goalId: "a" }), aGoal({ goalId: "b" })];
    const before = { challenges: [aChallenge({ goals })] };
    const after = { challenges: [aChallenge({ goals, endsAt: "2027-01-01T00:00:00Z" })] };
    expect(catalogChanges(before, after).changed).toEqual([
      { goalId: "a", fields: ["challenge.endsAt"] },
      { goalId: "b", fields: ["challenge.endsAt"] },
    ]);
  });
});

function one(wish: GoalWish): CatalogDocument {
  return { challenges: [aChallenge({ goals: [aGoal(wish)] })] };
}

function many(...goalIds: readonly string[]): CatalogDocument {
  return { challenges: [aChallenge({ goals: goalIds.map((goalId) => aGoal({ goalId })) })] };
}

import { expect, test } from "vitest";

import { aCatalog, aChallenge, aGoal, aRow } from "../../test/support/builders.ts";
import type { Catalog } from "./catalog.ts";
import { touchedGoals } from "./touched-goals.ts";

function touched(catalog: Catalog, ...rowGoalIds: readonly string[]): string[] {
  const rows = new Map(rowGoalIds.map((goalId) => [goalId, aRow({ goalId })]));
  return touchedGoals(catalog, rows).map(({ goal }) => goal.goalId);
}

test("A row touches its goal and those that have it as a prerequisite, in any challenge, and no other", () => {
  const catalog = aCatalog(
    aChallenge({
      challengeId: "first",
      goals: [
        aGoal({ goalId: "before", prerequisites: ["middle"] }),
        aGoal({ goalId: "alone" }),
        aGoal({ goalId: "both", prerequisites: ["middle", "after"] }),
      ],
    }),
    aChallenge({
      challengeId: "second",
      goals: [aGoal({ goalId: "middle" }), aGoal({ goalId: "after", prerequisites: ["middle"] })],
    }),
  );
  expect(touched(catalog)).toEqual([]);
  expect(touched(catalog, "alone")).toEqual(["alone"]);
  expect(touched(catalog, "middle")).toEqual(["before", "both", "middle", "after"]);
  expect(touched(catalog, "after", "alone", "removed")).toEqual(["alone", "both", "after"]);
});

test("Time touches goals that rotate, and default goals of a challenge with a start", () => {
  const catalog = aCatalog(
    aGoal({ goalId: "daily", rotation: {} }),
    aGoal({ goalId: "paused", rotation: { enabled: false } }),
    aGoal({ goalId: "default", defaultAssigned: true }),
    aChallenge({
      challengeId: "season",
      startsAt: "2026-03-11T00:00:00Z",
      goals: [aGoal({ goalId: "chosen" }), aGoal({ goalId: "given", defaultAssigned: true })],
    }),
    aChallenge({
      challengeId: "ending",
      endsAt: "2026-03-11T00:00:00Z",
      goals: [aGoal({ goalId: "until", defaultAssigned: true })],
    }),
  );
  expect(touched(catalog)).toEqual(["daily", "given"]);
});

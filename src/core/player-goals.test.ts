import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { anyCatalog, anyInstant } from "../../test/support/arbitraries.ts";
import { anyRows } from "../../test/support/arbitrary-rows.ts";
import { aCatalog, aChallenge, aGoal, aRow } from "../../test/support/builders.ts";
import { DAY_MS, noon } from "../../test/support/player-builders.ts";
import type { GoalEntry } from "./catalog.ts";
import { goalState, rolledRows } from "./goal-state.ts";
import { allProgressLines, assignedGoals, isInitialised, progressLines } from "./player-goals.ts";
import { publicCatalog } from "./view.ts";

const mission = (goalId: string) => aGoal({ goalId, defaultAssigned: true });
const catalog = aCatalog(
  mission("default"),
  aGoal({ goalId: "optional" }),
  aGoal({ goalId: "daily", requirement: { progressMode: "count" }, rotation: {} }),
  aChallenge({
    challengeId: "upcoming",
    startsAt: "2026-03-11T00:00:00Z",
    goals: [mission("soon")],
  }),
  aChallenge({ challengeId: "past", endsAt: "2026-03-10T00:00:00Z", goals: [mission("over")] }),
);
const options = { now: noon, claimGraceMs: DAY_MS };
const stale = { period: "2026-03-09T00:00:00Z", periodEndsAt: Date.UTC(2026, 2, 10) };
const daily = aRow({ goalId: "daily", ...stale, status: "in_progress", progress: 4 });

function ids(lines: readonly { goalId: string }[]): string[] {
  return lines.map(({ goalId }) => goalId);
}

describe("a player's progress", () => {
  it("has active goals and goals with a row, of the challenges that players see", () => {
    expect(ids(progressLines(catalog, [], options))).toEqual(["default", "over"]);
    const rows = [aRow({ goalId: "optional", isActive: false }), daily];
    expect(ids(progressLines(catalog, rows, options))).toEqual([
      "default",
      "optional",
      "daily",
      "over",
    ]);
    const later = { ...options, now: noon + 2 * DAY_MS };
    expect(ids(progressLines(catalog, [], later))).toEqual(["default", "soon"]);
  });

  it("has upcoming goals only with a row: they are not active yet", () => {
    const upcoming = { ...options, includeUpcoming: true };
    expect(ids(progressLines(catalog, [], upcoming))).toEqual(["default", "over"]);
    const rows = [aRow({ goalId: "soon", challengeId: "upcoming" })];
    expect(ids(progressLines(catalog, rows, upcoming))).toEqual(["default", "soon", "over"]);
  });

  it("is rolled, and has exactly the fields of the contract", () => {
    const line = progressLines(catalog, [daily], options).find(({ goalId }) => goalId === "daily");
    expect(line).toEqual({
      challengeId: "first-steps",
      goalId: "daily",
      progress: 0,
      status: "not_started",
      isActive: true,
      locked: false,
      assignedAt: "1970-01-01T00:00:00.000Z",
      completedAt: null,
      claimedAt: null,
      expiresAt: "2026-03-11T00:00:00.000Z",
      lateClaim: null,
    });
  });
});

describe("what is found from a player's rows", () => {
  const anyPlayer = anyCatalog.chain((catalog) =>
    fc.record({
      catalog: fc.constant(catalog),
      rows: fc.oneof(fc.constant([]), anyRows(catalog)),
      options: fc.record({ now: anyInstant, claimGraceMs: fc.constantFrom(0, DAY_MS) }),
    }),
  );

  it("is what asking each goal of the catalog gives, in the catalog's order", () => {
    fc.assert(
      fc.property(anyPlayer, ({ catalog, rows, options }) => {
        const rolled = rolledRows(catalog, rows, options.now);
        const isActive = (entry: GoalEntry) => goalState(entry, rolled, options.now).isActive;
        const seen = [...catalog.goals.values()].filter(
          ({ challenge: { startsAtMs, endsAtMs } }) =>
            options.now >= startsAtMs && options.now < endsAtMs + options.claimGraceMs,
        );
        const idsOf = (entries: readonly GoalEntry[]) => entries.map(({ goal }) => goal.goalId);
        const active = seen.filter(isActive);
        const known = seen.filter((entry) => rolled.has(entry.goal.goalId) || isActive(entry));
        expect(ids(assignedGoals(catalog, rows, options))).toEqual(idsOf(active));
        expect(ids(progressLines(catalog, rows, options))).toEqual(idsOf(known));
      }),
      { numRuns: 300 },
    );
  });
});

describe("what operators see of a player", () => {
  it("is every row, rolled, and rows of removed goals as they are stored", () => {
    const removed = aRow({
      goalId: "removed",
      challengeId: "gone",
      ...stale,
      status: "claimed",
      progress: 9,
      completedAt: 1,
      claimedAt: 2,
    });
    const soon = aRow({ goalId: "soon", challengeId: "upcoming" });
    expect(allProgressLines(catalog, [removed, daily, soon], noon)).toMatchObject([
      {
        challengeId: "gone",
        goalId: "removed",
        progress: 9,
        status: "claimed",
        completedAt: "1970-01-01T00:00:00.001Z",
        claimedAt: "1970-01-01T00:00:00.002Z",
        expiresAt: null,
        lateClaim: null,
      },
      { goalId: "daily", progress: 0, status: "not_started" },
      { goalId: "soon", isActive: false },
    ]);
    expect(allProgressLines(catalog, [], noon)).toEqual([]);
  });
});

describe("the goals that initialize answers with", () => {
  it("are the active ones, with what a client shows of them", () => {
    const rows = [aRow({ goalId: "default", progress: 3, status: "in_progress" })];
    const [first, ...rest] = assignedGoals(catalog, rows, options);
    expect(first).toEqual({
      challengeId: "first-steps",
      goalId: "default",
      name: "Ten kills",
      description: "Defeat ten enemies",
      isActive: true,
      assignedAt: "1970-01-01T00:00:00.000Z",
      expiresAt: null,
      progress: 3,
      target: 10,
      status: "in_progress",
      requirement: mission("default").requirement,
      reward: mission("default").reward,
    });
    expect(ids(rest)).toEqual(["over"]);
  });

  it("leave out what is inactive, upcoming or gone", () => {
    const rows = [aRow({ goalId: "default", isActive: false }), aRow({ goalId: "daily" })];
    expect(ids(assignedGoals(catalog, rows, { ...options, includeUpcoming: true }))).toEqual([
      "daily",
      "over",
    ]);
    expect(ids(assignedGoals(catalog, rows, { ...options, claimGraceMs: 0 }))).toEqual(["daily"]);
  });
});

describe("a player is initialised", () => {
  it("when every default goal of an open challenge has a row, active or not", () => {
    expect(isInitialised(catalog, [], noon)).toBe(false);
    const rows = [aRow({ goalId: "default", isActive: false })];
    expect(isInitialised(catalog, rows, noon)).toBe(true);
    expect(isInitialised(catalog, rows, noon + DAY_MS)).toBe(false);
    const soon = aRow({ goalId: "soon", challengeId: "upcoming" });
    expect(isInitialised(catalog, [...rows, soon], noon + DAY_MS)).toBe(true);
  });
});

it("anybody sees the definitions of challenges that have started", () => {
  const shown = (now: number) => publicCatalog(catalog, now).challenges.map((c) => c.challengeId);
  expect(shown(noon)).toEqual(["first-steps", "past"]);
  expect(shown(Date.UTC(2026, 2, 11))).toEqual(["first-steps", "upcoming", "past"]);
});

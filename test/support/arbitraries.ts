import * as fc from "fast-check";

import {
  type Catalog,
  type Challenge,
  type Goal,
  indexCatalog,
  type Rotation,
} from "../../src/core/catalog.ts";
import { aChallenge, aGoal, aRotation } from "./builders.ts";
import { DAY_MS, HOUR_MS } from "./player-builders.ts";

/** Monday, 23 March 2026, 00:00 UTC: six days before the clocks of Europe go forward. */
export const historyStartsAt = Date.UTC(2026, 2, 23);
/** Two weeks: several daily periods, two changes of a weekly one. */
const HISTORY_DAYS = 14;

/** Instants of the history, most of them on or beside a full hour, where periods and windows end. */
export const anyInstant: fc.Arbitrary<number> = fc
  .tuple(
    fc.integer({ min: 0, max: HISTORY_DAYS * 24 - 1 }),
    fc.oneof(fc.constantFrom(0, 1, HOUR_MS - 1), fc.integer({ min: 0, max: HOUR_MS - 1 })),
  )
  .map(([hour, rest]) => historyStartsAt + hour * HOUR_MS + rest);

const anyRotation: fc.Arbitrary<Rotation> = fc
  .record({
    enabled: fc.constantFrom(true, true, true, false),
    schedule: fc.constantFrom("daily" as const, "daily" as const, "weekly" as const),
    timeZone: fc.constantFrom("UTC", "Europe/Berlin", "America/New_York"),
    resetTime: fc.constantFrom("00:00", "05:00"),
    weekday: fc.constantFrom(1, 4),
    claimGraceSeconds: fc.constantFrom(0, 7_200, 86_400, 5 * 86_400),
    onExpiry: fc.record({ resetProgress: fc.boolean(), allowReselection: fc.boolean() }),
  })
  .map(aRotation);

const anyStatCode = fc.constantFrom("kills", "score");

/** A goal whose prerequisites are among `others`; an absolute one never rotates, as a valid catalog has it. */
function anyGoal(goalId: string, others: readonly string[]): fc.Arbitrary<Goal> {
  return fc
    .record({
      name: fc.string({ unit: "binary" }),
      eventSource: fc.constantFrom("statistic" as const, "statistic" as const, "login" as const),
      defaultAssigned: fc.boolean(),
      requirement: fc.record({
        statCode: anyStatCode,
        targetValue: fc.constantFrom(1, 2, 2, 10),
        progressMode: fc.constantFrom("absolute", "relative", "count", "days"),
      }),
      reward: fc.record({ quantity: fc.integer({ min: 1, max: 3 }) }),
      prerequisites: fc.subarray([...others], { maxLength: Math.min(2, others.length) }),
      rotation: fc.option(anyRotation),
    })
    .map(({ rotation, ...goal }) => {
      const isAbsolute = goal.requirement.progressMode === "absolute";
      return aGoal({ goalId, ...goal, rotation: isAbsolute ? null : rotation });
    });
}

function anyChallenge(challengeId: string, others: readonly string[]): fc.Arbitrary<Challenge> {
  const goalIds = ["a", "b", "c"].map((letter) => `${challengeId}/${letter}`);
  const goals = goalIds.map((goalId, index) => [goalId, goalIds.slice(0, index)] as const);
  const noDay = { weight: 3, arbitrary: fc.constant(null) };
  const anyDay = fc.oneof(noDay, {
    weight: 1,
    arbitrary: fc.integer({ min: -2, max: HISTORY_DAYS }),
  });
  return fc
    .record({
      name: fc.string({ unit: "binary" }),
      tags: fc.array(fc.string(), { maxLength: 2 }),
      from: anyDay,
      days: anyDay,
      goals: fc
        .tuple(...goals.map(([goalId, earlier]) => anyGoal(goalId, [...others, ...earlier])))
        .chain((all) => fc.subarray(all, { minLength: 1 })),
    })
    .map(({ name, tags, from, days, goals }) =>
      aChallenge({
        challengeId,
        name,
        tags,
        goals,
        startsAt: from === null ? null : dayOf(from),
        endsAt: days === null ? null : dayOf((from ?? 0) + Math.abs(days) + 1),
      }),
    );
}

function dayOf(days: number): string {
  return new Date(historyStartsAt + days * DAY_MS).toISOString();
}

const anyChallenges: fc.Arbitrary<Challenge[]> = fc
  .tuple(anyChallenge("one", []), anyChallenge("two", ["one/a"]))
  .map((challenges) => {
    const present = new Set(challenges.flatMap(({ goals }) => goals.map(({ goalId }) => goalId)));
    return challenges.map((challenge) => ({
      ...challenge,
      goals: challenge.goals.map((goal) => ({
        ...goal,
        prerequisites: goal.prerequisites.filter((goalId) => present.has(goalId)),
      })),
    }));
  });

/** A valid catalog of two challenges over the same few stat codes, in every mode and rotation. */
export const anyCatalog: fc.Arbitrary<Catalog> = anyChallenges.map((challenges) =>
  indexCatalog({ challenges }, "1".repeat(64)),
);

/** Catalogs that follow each other: goals come, go and change between them, modes and rotations included. */
export const anyCatalogs: fc.Arbitrary<readonly Catalog[]> = fc
  .array(anyChallenges, { minLength: 1, maxLength: 3 })
  .map((all) =>
    all.map((challenges, index) => indexCatalog({ challenges }, `${index + 1}`.repeat(64))),
  );

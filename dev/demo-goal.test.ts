import { expect, test } from "vitest";

import { chooseDemoGoal, type ShownChallenge } from "./demo-goal.ts";

const NOW = Date.parse("2026-11-24T12:00:00Z");

type ShownGoal = ShownChallenge["goals"][number];

function aGoal(
  goalId: string,
  {
    requirement,
    ...rest
  }: Partial<Omit<ShownGoal, "requirement">> & {
    requirement?: Partial<ShownGoal["requirement"]>;
  } = {},
): ShownGoal {
  return {
    goalId,
    name: `Goal ${goalId}`,
    eventSource: "statistic",
    requirement: { statCode: "kills", targetValue: 10, progressMode: "absolute", ...requirement },
    isActive: true,
    locked: false,
    ...rest,
  };
}

function aChallenge(goals: ShownGoal[], rest: Partial<ShownChallenge> = {}): ShownChallenge {
  return { challengeId: "c", startsAt: null, endsAt: null, goals, ...rest };
}

test("an active goal that one event completes is chosen, wherever it stands", () => {
  const goals = [
    aGoal("count", { requirement: { progressMode: "count" } }),
    aGoal("inactive", { isActive: false }),
    aGoal("fits"),
  ];
  expect(chooseDemoGoal([aChallenge(goals)], NOW)).toEqual({
    challengeId: "c",
    goalId: "fits",
    name: "Goal fits",
    isActive: true,
    completes: true,
    event: { type: "statistic", statCode: "kills", latestValue: 10, inc: 10 },
  });
});

test("without one, a goal that has to be activated first is better than one that only moves", () => {
  const goals = [
    aGoal("moves", { requirement: { progressMode: "days", targetValue: 3 } }),
    aGoal("sleeps", { isActive: false }),
  ];
  expect(chooseDemoGoal([aChallenge(goals)], NOW)).toMatchObject({
    goalId: "sleeps",
    isActive: false,
    completes: true,
  });
});

test("a goal that only moves is better than none, and says so", () => {
  const goals = [aGoal("moves", { requirement: { progressMode: "count", targetValue: 3 } })];
  expect(chooseDemoGoal([aChallenge(goals)], NOW)).toMatchObject({ completes: false });
});

test("one login completes a login goal with target 1 in any mode", () => {
  const login = { eventSource: "login" } as const;
  for (const progressMode of ["absolute", "relative", "count", "days"] as const) {
    const goal = aGoal("login", { ...login, requirement: { progressMode, targetValue: 1 } });
    expect(chooseDemoGoal([aChallenge([goal])], NOW)).toMatchObject({
      completes: true,
      event: { type: "login" },
    });
  }
  const week = aGoal("week", { ...login, requirement: { targetValue: 7 } });
  expect(chooseDemoGoal([aChallenge([week])], NOW)).toMatchObject({ completes: false });
});

test("locked goals and closed challenges are passed over", () => {
  const closed = [
    aChallenge([aGoal("over")], { endsAt: "2026-11-24T12:00:00Z" }),
    aChallenge([aGoal("soon")], { startsAt: "2026-11-24T12:00:01Z" }),
    aChallenge([aGoal("locked", { locked: true })]),
  ];
  expect(chooseDemoGoal(closed, NOW)).toBeNull();
  const open = aChallenge([aGoal("open")], {
    startsAt: "2026-11-24T12:00:00Z",
    endsAt: "2026-11-24T12:00:01Z",
  });
  expect(chooseDemoGoal([...closed, open], NOW)).toMatchObject({ goalId: "open" });
});

import { describe, expect, it } from "vitest";

import { aCatalog, aGoal, aRow, type GoalWish } from "../../test/support/builders.ts";
import { aClaim, aLateClaim, DAY_MS, noon, present } from "../../test/support/player-builders.ts";
import type { GoalEntry, Rotation } from "./catalog.ts";
import type { GoalRow } from "./player.ts";
import { blankRow, roll, rollDueAt, rollRows } from "./roll.ts";

const midnight = Date.UTC(2026, 2, 10);
const schedule = "daily" as const;
const monday = { period: "2026-03-09T00:00:00.000Z", schedule, periodEndsAt: midnight };
const tuesday = { period: "2026-03-10T00:00:00.000Z", schedule, periodEndsAt: midnight + DAY_MS };
const wednesday = {
  period: "2026-03-11T00:00:00.000Z",
  schedule,
  periodEndsAt: midnight + 2 * DAY_MS,
};
const endOfTuesday = midnight + DAY_MS;
const completedAt = noon - DAY_MS;

function anEntry(wish: GoalWish = {}): GoalEntry {
  const requirement = { progressMode: "relative" } as const;
  return present(aCatalog(aGoal({ requirement, rotation: {}, ...wish })).goals.get("ten-kills"));
}

function ruled(onExpiry: Partial<Rotation["onExpiry"]>): GoalEntry {
  return anEntry({ rotation: { onExpiry } });
}

/** Rows of Monday in every state there is. */
const rows = {
  not_started: aRow({ ...monday, raw: 105 }),
  in_progress: aRow({
    ...monday,
    status: "in_progress",
    raw: 105,
    baseline: 100,
    progress: 5,
    eventCount: 2,
    lastEventAt: 7,
    lastDay: "2026-03-09",
  }),
  completed: aRow({
    ...monday,
    status: "completed",
    raw: 110,
    baseline: 100,
    progress: 10,
    completedAt,
  }),
  claiming: aRow({
    ...monday,
    status: "completed",
    raw: 110,
    baseline: 100,
    progress: 10,
    completedAt,
    openClaim: aClaim({ period: monday.period, completedAt }),
  }),
  claimed: aRow({
    ...monday,
    status: "claimed",
    raw: 110,
    baseline: 100,
    progress: 10,
    completedAt,
    claimedAt: completedAt + 1,
  }),
} as const;

function anew(row: GoalRow): GoalRow {
  return {
    ...row,
    ...tuesday,
    status: "not_started",
    progress: 0,
    baseline: null,
    completedAt: null,
    claimedAt: null,
  };
}

describe("a row whose period is over, seen on Tuesday", () => {
  const late = aLateClaim({
    period: monday.period,
    completedAt,
    until: midnight + DAY_MS,
    schedule: "daily",
  });
  const outcomes = {
    anew,
    "anew, with a late claim": (row: GoalRow) => ({ ...anew(row), lateClaim: late }),
    "carried over": (row: GoalRow) => ({ ...row, ...tuesday }),
    "carried over, in its period": (row: GoalRow) => ({ ...row, periodEndsAt: endOfTuesday }),
    "as it was, for good": (row: GoalRow) => row,
  };
  const rules = [
    {
      onExpiry: { resetProgress: true, allowReselection: true },
      not_started: "anew",
      in_progress: "anew",
      completed: "anew, with a late claim",
      claiming: "anew",
      claimed: "anew",
    },
    {
      onExpiry: { resetProgress: true, allowReselection: false },
      not_started: "anew",
      in_progress: "anew",
      completed: "anew, with a late claim",
      claiming: "as it was, for good",
      claimed: "as it was, for good",
    },
    {
      onExpiry: { resetProgress: false, allowReselection: true },
      not_started: "carried over",
      in_progress: "carried over",
      completed: "carried over, in its period",
      claiming: "anew",
      claimed: "anew",
    },
    {
      onExpiry: { resetProgress: false, allowReselection: false },
      not_started: "carried over",
      in_progress: "carried over",
      completed: "carried over, in its period",
      claiming: "as it was, for good",
      claimed: "as it was, for good",
    },
  ] as const;
  const states = ["not_started", "in_progress", "completed", "claiming", "claimed"] as const;
  const cases = rules.flatMap(({ onExpiry, ...outcome }) =>
    states.map((state) => ({ ...onExpiry, state, outcome: outcome[state] })),
  );

  it.each(cases)(
    "reset $resetProgress, reselection $allowReselection, $state: is $outcome",
    ({ resetProgress, allowReselection, state, outcome }) => {
      const entry = ruled({ resetProgress, allowReselection });
      const row = roll(entry, rows[state], noon, true);
      expect(row).toEqual(outcomes[outcome](rows[state]));
      expect(roll(entry, row, noon, false)).toBe(row);
    },
  );

  it.each(cases)(
    "reset $resetProgress, reselection $allowReselection, $state: is the same object in its own period, or when of a later one",
    ({ resetProgress, allowReselection, state }) => {
      const entry = ruled({ resetProgress, allowReselection });
      const own = rows[state];
      expect(roll(entry, own, midnight - 1, true)).toBe(own);
      const later = { ...own, ...wednesday };
      expect(roll(entry, later, noon, true)).toBe(later);
      const unrotated = anEntry({ rotation: null });
      expect(roll(unrotated, own, noon, true)).toBe(own);
      expect(roll(anEntry({ rotation: { enabled: false } }), own, noon, true)).toBe(own);
    },
  );

  it("ends at the very millisecond of the period's end", () => {
    expect(roll(ruled({}), rows.in_progress, midnight - 1, true)).toBe(rows.in_progress);
    expect(roll(ruled({}), rows.in_progress, midnight, true)).toEqual(anew(rows.in_progress));
  });

  it("keeps its activation, assignment, raw value and counts", () => {
    const stale = { ...rows.in_progress, isActive: false, assignedAt: 77, round: 2 };
    expect(roll(ruled({}), stale, noon, true)).toMatchObject({
      isActive: false,
      assignedAt: 77,
      round: 2,
      raw: 105,
      eventCount: 2,
      lastEventAt: 7,
      lastDay: "2026-03-09",
    });
  });

  it("counts many missed periods as one", () => {
    const muchLater = noon + 30 * DAY_MS;
    expect(roll(ruled({}), rows.in_progress, muchLater, true)).toEqual({
      ...anew(rows.in_progress),
      period: "2026-04-09T00:00:00.000Z",
      periodEndsAt: Date.UTC(2026, 3, 10),
    });
  });

  it("takes its next period from the rule as it is edited now, and its old end from the row", () => {
    const weekly = anEntry({ rotation: { schedule: "weekly", weekday: 2 } });
    expect(roll(weekly, rows.in_progress, midnight - 1, true)).toBe(rows.in_progress);
    expect(roll(weekly, rows.in_progress, noon, true)).toMatchObject({
      status: "not_started",
      period: "2026-03-10T00:00:00.000Z",
      schedule: "weekly",
      periodEndsAt: midnight + 7 * DAY_MS,
    });
  });
});

describe("a rotation that is added to a living goal", () => {
  it.each(["not_started", "in_progress", "completed", "claiming", "claimed"] as const)(
    "starts with the period in which the row is first seen: %s stays as it is",
    (state) => {
      const row = { ...rows[state], period: null, schedule: null, periodEndsAt: null };
      const rolled = roll(ruled({}), row, noon, true);
      const isCompleted = row.completedAt !== null;
      const current = isCompleted ? { periodEndsAt: endOfTuesday } : tuesday;
      expect(rolled).toEqual({ ...row, ...current });
    },
  );

  it("leaves what was completed before it to be claimed late, as it could have been claimed before", () => {
    const row = { ...rows.completed, period: null, schedule: null, periodEndsAt: endOfTuesday };
    const { lateClaim } = roll(ruled({}), row, endOfTuesday, true);
    expect(lateClaim).toEqual({
      period: null,
      completedAt,
      reward: { type: "WALLET", rewardId: "GOLD", quantity: 100 },
      round: 0,
      until: endOfTuesday + DAY_MS,
    });
  });
});

describe("a target that was lowered", () => {
  const lowered = { requirement: { targetValue: 5, progressMode: "relative" } } as const;

  it.each([
    { title: "without rotation", rotation: null },
    { title: "within the period", rotation: {} },
    { title: "in a period that carries over", rotation: { onExpiry: { resetProgress: false } } },
  ])("completes what has reached it, $title", ({ rotation }) => {
    const period = rotation?.onExpiry === undefined ? tuesday : monday;
    const row = { ...rows.in_progress, ...period };
    expect(roll(anEntry({ ...lowered, rotation }), row, noon, true)).toEqual({
      ...row,
      ...tuesday,
      status: "completed",
      completedAt: noon,
    });
  });

  it("completes in its own period what a reset takes back, so that it can be claimed late", () => {
    const rolled = roll(anEntry({ ...lowered, rotation: {} }), rows.in_progress, noon, true);
    expect(rolled).toMatchObject({
      ...tuesday,
      status: "not_started",
      lateClaim: { period: monday.period, completedAt: monday.periodEndsAt - 1 },
    });
    const catalog = aCatalog(aGoal({ ...lowered, goalId: rows.in_progress.goalId, rotation: {} }));
    const [again] = rollRows(catalog, new Map([[rows.in_progress.goalId, rows.in_progress]]), noon);
    expect(again?.lateClaim).toEqual(rolled.lateClaim);
  });

  it("does not complete what is short of it", () => {
    const short = { ...rows.in_progress, ...tuesday, progress: 4 };
    expect(roll(anEntry(lowered), short, noon, true)).toBe(short);
  });

  it("that was raised leaves a completed goal completed", () => {
    const raised = { requirement: { targetValue: 99 }, rotation: null } as const;
    expect(roll(anEntry(raised), rows.completed, noon, true)).toBe(rows.completed);
  });
});

describe("the instant from which a roll may change a row", () => {
  it("is the end of its period, never for what is claimed for good or does not rotate", () => {
    expect(rollDueAt(ruled({}), rows.claimed)).toBe(midnight);
    expect(rollDueAt(ruled({ allowReselection: false }), rows.claimed)).toBe(Infinity);
    expect(rollDueAt(ruled({ allowReselection: false }), rows.claiming)).toBe(Infinity);
    expect(rollDueAt(anEntry({ rotation: null }), rows.in_progress)).toBe(Infinity);
  });

  it("is at once for a row that has no period yet", () => {
    expect(rollDueAt(ruled({}), aRow())).toBe(-Infinity);
  });
});

describe("a goal without a row", () => {
  it("is not started, in the current period, and active when it is assigned by default", () => {
    const empty = { assignedAt: null };
    expect(blankRow(anEntry(), noon)).toEqual(aRow({ ...empty, ...tuesday, isActive: false }));
    const plain = anEntry({ defaultAssigned: true, rotation: null });
    expect(blankRow(plain, noon)).toEqual(aRow({ ...empty, isActive: true }));
  });
});

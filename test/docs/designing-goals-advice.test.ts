import { describe, expect, it } from "vitest";

import type { EventFacts } from "../../src/core/operation.ts";
import { aCatalog, aGoal, type GoalWish } from "../support/builders.ts";
import {
  after,
  aLogin,
  anEvent,
  DAY_MS,
  HOUR_MS,
  inMode,
  present,
  stateOf,
} from "../support/player-builders.ts";

/** Monday, 2 March 2026, 00:00 UTC. */
const MONDAY = Date.UTC(2026, 2, 2);

type Step = { readonly event: EventFacts } | { readonly isActive: boolean };

describe("what docs/designing-goals.md warns of", () => {
  it("a level that was reached before shows with the next event, and completes the goal", () => {
    expect(play(inMode("absolute"), [{ isActive: true }])).toMatchObject({ progress: 0 });
    const event = anEvent({ latestValue: 12, inc: 0 });
    const row = play(inMode("absolute"), [
      { event: anEvent({ latestValue: 12 }) },
      { isActive: true },
      { event },
    ]);
    expect(row).toMatchObject({ progress: 12, status: "completed" });
  });

  it.each([
    ["relative", 6],
    ["count", 2],
  ] as const)("in mode %s what happens while it is off makes %d of 3 + 2 + 1", (mode, progress) => {
    const row = play(inMode(mode), [
      { isActive: true },
      { event: anEvent({ latestValue: 103, inc: 3 }) },
      { isActive: false },
      { event: anEvent({ latestValue: 105, inc: 2 }) },
      { isActive: true },
      { event: anEvent({ latestValue: 106, inc: 1 }) },
    ]);
    expect(row).toMatchObject({ progress });
  });

  it("a completed goal stays completed when the statistic falls", () => {
    const values = [12, 4].map((latestValue) => ({ event: anEvent({ latestValue }) }));
    const row = play(inMode("absolute"), [{ isActive: true }, ...values]);
    expect(row).toMatchObject({ progress: 4, status: "completed" });
  });

  it.each([
    ["04:00", 0],
    ["00:00", 1],
  ])(
    "with a reset at %s logins at 02:00 and 10:00 leave %d day in the newer period",
    (resetTime, days) => {
      const goal: GoalWish = {
        eventSource: "login",
        requirement: { progressMode: "days" },
        rotation: { schedule: "weekly", resetTime },
      };
      const at = MONDAY + 7 * DAY_MS;
      const [night, morning] = [at + 2 * HOUR_MS, at + 10 * HOUR_MS];
      const row = play(
        goal,
        [{ isActive: true }, { event: aLogin() }, { event: aLogin() }],
        [MONDAY, night, morning],
      );
      expect(row).toMatchObject({ progress: days, eventCount: 2 });
    },
  );
});

/** The goal's row after the steps, which come an hour apart unless the instants are given. */
function play(goal: GoalWish, steps: readonly Step[], instants?: readonly number[]) {
  const catalog = aCatalog(aGoal(goal));
  const target = { challengeId: "first-steps", goalId: "ten-kills" };
  const state = steps.reduce((before, step, index) => {
    const at = instants?.[index] ?? MONDAY + index * HOUR_MS;
    const operation =
      "event" in step
        ? ({ kind: "event", event: step.event } as const)
        : ({ kind: "activate", isActive: step.isActive, ...target } as const);
    return after(before, { at, catalog, operation });
  }, stateOf([]));
  return present(state.rows.get("ten-kills"));
}

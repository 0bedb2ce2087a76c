import { describe, expect, it } from "vitest";

import { aCatalog, aGoal, aRow } from "../../test/support/builders.ts";
import {
  after,
  aLogin,
  anEvent,
  inMode,
  noon,
  playEvents,
  present,
  stateOf,
} from "../../test/support/player-builders.ts";
import type { GoalRow } from "./player.ts";

describe("mode count", () => {
  it("counts one per event, whatever the values say", () => {
    const events = [{ latestValue: 500, inc: 20 }, { inc: 3 }, { latestValue: 1 }].map(anEvent);
    const expected = { progress: 3, status: "in_progress", raw: null, lastEventAt: null };
    expect(playEvents(inMode("count"), {}, events)).toMatchObject(expected);
  });

  it("counts an event with an old time too", () => {
    const events = [anEvent({ latestValue: 5 }), anEvent({ latestValue: 4, timestamp: 0 })];
    expect(playEvents(inMode("count"), {}, events)).toMatchObject({ progress: 2 });
  });

  it("is done at the target and goes on", () => {
    const goal = { requirement: { progressMode: "count", targetValue: 2 } } as const;
    const rows = [1, 2, 3].map((length) =>
      playEvents(
        goal,
        {},
        Array.from({ length }, () => aLogin()),
      ),
    );
    expect(
      rows.map(({ progress, status, completedAt }) => [progress, status, completedAt]),
    ).toEqual([
      [1, "in_progress", null],
      [2, "completed", noon + 1_000],
      [3, "completed", noon + 1_000],
    ]);
  });

  it("needs two events for a target of 1.5", () => {
    const goal = { requirement: { progressMode: "count", targetValue: 1.5 } } as const;
    expect(playEvents(goal, {}, [aLogin()])).toMatchObject({ progress: 1, status: "in_progress" });
    expect(playEvents(goal, {}, [aLogin(), aLogin()])).toMatchObject({ status: "completed" });
  });
});

describe("a login", () => {
  it.each([
    { mode: "absolute", progress: 2, raw: 2 },
    { mode: "relative", progress: 2, raw: 2 },
    { mode: "count", progress: 2, raw: null },
    { mode: "days", progress: 1, raw: null },
  ] as const)("adds one in mode $mode", ({ mode, progress, raw }) => {
    const row = playEvents({ eventSource: "login", ...inMode(mode) }, {}, [aLogin(), aLogin()]);
    expect(row).toMatchObject({ progress, raw, eventCount: 2 });
  });
});

describe("a claimed goal", () => {
  it.each(["absolute", "relative", "count", "days"] as const)(
    "only counts the event in mode %s",
    (mode) => {
      const claimed = {
        status: "claimed",
        progress: 10,
        raw: 10,
        baseline: 0,
        eventCount: 4,
        completedAt: 1,
        claimedAt: 2,
        lastEventAt: 1,
        lastDay: "2026-03-01",
      } as const;
      const row = playEvents(inMode(mode), claimed, [anEvent({ latestValue: 20, inc: 10 })]);
      expect(row).toEqual(aRow({ ...claimed, eventCount: 5 }));
    },
  );
});

describe("the examples of the domain rules: daily rotation, target 10, reset and reselection", () => {
  const catalog = aCatalog(aGoal({ rotation: {}, ...inMode("relative") }));
  const yesterday = {
    period: "2026-03-09T00:00:00.000Z",
    periodEndsAt: Date.UTC(2026, 2, 10),
  };
  const today = { period: "2026-03-10T00:00:00.000Z", periodEndsAt: Date.UTC(2026, 2, 11) };

  function afterEvent(row: Partial<GoalRow>, latestValue: number, inc: number): GoalRow {
    const operation = { kind: "event", event: anEvent({ latestValue, inc }) } as const;
    const { rows } = after(stateOf([aRow(row)]), { at: noon, catalog, operation });
    return present(rows.get("ten-kills"));
  }

  it("in progress and stale: the new period starts from the value before the event", () => {
    const row = { status: "in_progress", baseline: 100, raw: 105, progress: 5 } as const;
    expect(afterEvent({ ...row, ...yesterday }, 108, 3)).toMatchObject({
      ...today,
      baseline: 105,
      progress: 3,
      status: "in_progress",
    });
  });

  it("completed and stale: it starts anew, the completion is left to be claimed late", () => {
    const completedAt = Date.UTC(2026, 2, 9, 20);
    const row = {
      status: "completed",
      baseline: 100,
      raw: 110,
      progress: 10,
      completedAt,
    } as const;
    expect(afterEvent({ ...row, ...yesterday }, 115, 5)).toMatchObject({
      ...today,
      baseline: 110,
      progress: 5,
      status: "in_progress",
      completedAt: null,
      lateClaim: { period: yesterday.period, completedAt },
    });
  });

  it("no baseline, fresh: the event counts in full", () => {
    expect(afterEvent({ raw: 0, ...today }, 153, 3)).toMatchObject({
      ...today,
      baseline: 150,
      progress: 3,
    });
  });
});

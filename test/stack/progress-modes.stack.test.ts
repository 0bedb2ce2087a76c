import { describe, expect, test } from "vitest";

import { sharedApi } from "./api.ts";
import { expectBody } from "./expect-answer.ts";
import { accepted } from "./shapes.ts";

const api = sharedApi();

/** So many seconds before now. */
function ago(seconds: number): string {
  return new Date(Date.now() - seconds * 1_000).toISOString();
}

/** A player with these goals of `modes` active, and a way to see what each event makes of one of them. */
async function playing(...goalIds: string[]) {
  const player = await api.player();
  await player.activate(...goalIds.map((goalId) => `modes/${goalId}` as const));
  const after = async (goalId: string, fields: object) => {
    await player.does({ statCode: "score", ...fields });
    const line = await player.goal(goalId);
    return [line?.progress, line?.status];
  };
  return { player, after };
}

describe("absolute", () => {
  test("shows the latest value, adds an inc without one, and stays completed when the value falls", async () => {
    const { player, after } = await playing("absolute-score");
    const score = (fields: object) => after("absolute-score", fields);
    expect(await score({ latestValue: 40 })).toEqual([40, "in_progress"]);
    expect(await score({ latestValue: 45.5, inc: 100 })).toEqual([45.5, "in_progress"]);
    expect(await score({ inc: 4.5 })).toEqual([50, "in_progress"]);
    expect(await score({ latestValue: 0 })).toEqual([0, "in_progress"]);
    expect(await score({ latestValue: 100 })).toEqual([100, "completed"]);
    const { completedAt } = (await player.goal("absolute-score")) ?? {};
    expect(Math.abs(Date.parse(completedAt ?? "") - Date.now())).toBeLessThan(10_000);
    expect(await score({ latestValue: 3 })).toEqual([3, "completed"]);
    expect(await score({ latestValue: 1e15 })).toEqual([1e15, "completed"]);
    expect(await player.goal("absolute-score")).toMatchObject({ completedAt, claimedAt: null });
  });

  test("is decided by the time of the event, not by the order of arrival", async () => {
    const { after } = await playing("absolute-score");
    const score = (seconds: number, latestValue: number) =>
      after("absolute-score", { latestValue, timestamp: ago(seconds) });
    expect(await score(60, 50)).toEqual([50, "in_progress"]);
    expect(await score(120, 70)).toEqual([50, "in_progress"]);
    expect(await score(30, 20)).toEqual([20, "in_progress"]);
    expect(await after("absolute-score", { latestValue: 21 })).toEqual([21, "in_progress"]);
    expect(await score(1, 99)).toEqual([21, "in_progress"]);
    // A clock that is ahead counts as now, so that it cannot shut out what comes after it.
    expect(await score(-240, 22)).toEqual([22, "in_progress"]);
    expect(await after("absolute-score", { latestValue: 23 })).toEqual([23, "in_progress"]);
  });

  test("stays a number that JSON can carry, however much is added", async () => {
    const { after } = await playing("absolute-score");
    expect(await after("absolute-score", { latestValue: 1.7e308 })).toEqual([1.7e308, "completed"]);
    const most = [Number.MAX_VALUE, "completed"];
    expect(await after("absolute-score", { inc: 1.7e308 })).toEqual(most);
    expect(await after("absolute-score", { latestValue: 5e-324 })).toEqual([5e-324, "completed"]);
  });

  test("takes the events of one batch in their order", async () => {
    const { player } = await playing("absolute-score", "count-score");
    const values = Array.from({ length: 50 }, (_, index) => index);
    const events = values.map((latestValue) => ({ statCode: "score", latestValue }));
    await player.does(...events);
    expect(await player.goal("absolute-score")).toMatchObject({ progress: 49 });
    expect(await player.goal("count-score")).toMatchObject({ progress: 50 });
  });
});

describe("relative", () => {
  test("counts from the value before the first event", async () => {
    const { after } = await playing("relative-score");
    const grown = (fields: object) => after("relative-score", fields);
    expect(await grown({ latestValue: 153, inc: 3 })).toEqual([3, "in_progress"]);
    expect(await grown({ latestValue: 158, inc: 5 })).toEqual([8, "in_progress"]);
    expect(await grown({ latestValue: 120 })).toEqual([0, "in_progress"]);
    expect(await grown({ inc: 41 })).toEqual([11, "completed"]);
    expect(await grown({ latestValue: 170 })).toEqual([20, "completed"]);
    expect(await grown({ latestValue: 1 })).toEqual([0, "completed"]);
  });

  test("starts at the first value when that comes without an inc", async () => {
    const { after } = await playing("relative-score");
    expect(await after("relative-score", { latestValue: 50 })).toEqual([0, "in_progress"]);
    expect(await after("relative-score", { latestValue: 60 })).toEqual([10, "completed"]);
  });

  test("adds what comes without a latest value", async () => {
    const { after } = await playing("relative-score");
    expect(await after("relative-score", { inc: 3 })).toEqual([3, "in_progress"]);
    expect(await after("relative-score", { inc: 7 })).toEqual([10, "completed"]);
  });

  test("resets by the day: the period's end is shown", async () => {
    const player = await api.player();
    await player.activate("daily/daily-damage");
    await player.does({ statCode: "damage", latestValue: 153, inc: 3 });
    const line = await player.goal("daily-damage");
    expect(line).toMatchObject({ progress: 3, status: "in_progress" });
    expect(Date.parse(line?.expiresAt ?? "")).toBeGreaterThan(Date.now());
  });
});

describe("count and days", () => {
  test("count adds one per event, whatever its values, and goes on after the target", async () => {
    const { after } = await playing("count-score");
    expect(await after("count-score", { latestValue: 700 })).toEqual([1, "in_progress"]);
    expect(await after("count-score", { inc: 0 })).toEqual([2, "in_progress"]);
    expect(await after("count-score", { latestValue: 0 })).toEqual([3, "completed"]);
    expect(await after("count-score", { inc: 50 })).toEqual([4, "completed"]);
  });

  test("days adds one on a day's first event only, by the day of arrival", async () => {
    const { after } = await playing("days-score");
    expect(await after("days-score", { inc: 1 })).toEqual([1, "in_progress"]);
    expect(await after("days-score", { inc: 1 })).toEqual([1, "in_progress"]);
    const yesterday = { inc: 1, timestamp: ago(86_400) };
    expect(await after("days-score", yesterday)).toEqual([1, "in_progress"]);
  });

  test("a login moves every active login goal, whatever its stat code", async () => {
    const player = await api.player();
    await player.activate("modes/count-login", "modes/days-login");
    await player.does({}, { type: "login", statCode: "days" }, {});
    const progress = async (goalId: string) => (await player.goal(goalId))?.progress;
    expect(await progress("count-login")).toBe(3);
    expect(await progress("days-login")).toBe(1);
    expect(await progress("default-login")).toBe(3);
    const statistic = player.event({ statCode: "logins", inc: 1 });
    expect(expectBody(await api.postEvents(statistic), 202, accepted).ignored).toBe(1);
  });

  test("one event moves each goal in its own way", async () => {
    const ids = ["absolute-score", "relative-score", "count-score", "days-score"];
    const { player } = await playing(...ids);
    await player.does({ statCode: "score", latestValue: 90, inc: 4 });
    const lines = await Promise.all(ids.map((goalId) => player.goal(goalId)));
    expect(lines.map((line) => line?.progress)).toEqual([90, 4, 1, 1]);
  });
});

import { expect, test } from "vitest";

import { parseCatalog } from "../../src/core/parse-catalog.ts";
import { ExpectedPlayer } from "./expected-player.ts";
import { CHAOS_GOALS, chaosCatalog } from "./goals.ts";

test("the catalog is one that the product takes", () => {
  const parsed = parseCatalog(chaosCatalog());
  expect(parsed).toMatchObject({ ok: true });
});

test("an event counts once, for every active goal on its stat", () => {
  const player = new ExpectedPlayer();
  player.event({ id: "a", stat: "wins", inc: 1 });
  player.event({ id: "a", stat: "wins", inc: 1 });
  player.event({ id: "b", stat: "wins", inc: 1 });
  expect(player.goals.get("all-wins")).toMatchObject({ progress: 2, eventCount: 2 });
  expect(player.goals.get("wins-2")).toMatchObject({ status: "completed" });
  expect(player.goals.get("wins-while-on")).toMatchObject({ progress: 0, status: "not_started" });
  expect(player.events.get("wins")).toBe(2);
  expect([player.has("a"), player.has("c")]).toEqual([true, false]);
});

test("values stand, increments add up, and a gain starts before the first event", () => {
  const player = new ExpectedPlayer();
  player.event({ id: "a", stat: "score", latestValue: 100 });
  player.event({ id: "b", stat: "score", latestValue: 130 });
  player.event({ id: "c", stat: "coins", inc: 4 });
  player.event({ id: "d", stat: "coins", inc: 3 });
  const progress = (goalId: string) => player.goals.get(goalId)?.progress;
  expect(["best-score", "score-gain", "all-coins", "coins-gain"].map(progress)).toEqual([
    130, 30, 7, 7,
  ]);
});

test("a goal that is off keeps what it has", () => {
  const player = new ExpectedPlayer();
  for (const [isActive, id] of [
    [true, "a"],
    [false, "b"],
    [true, "c"],
  ] as const) {
    player.switchTo("coins-while-on", isActive);
    player.event({ id, stat: "coins", inc: 5 });
  }
  expect(player.goals.get("coins-while-on")).toMatchObject({ progress: 10, eventCount: 2 });
});

test("a claimed goal counts events and stands still", () => {
  const player = new ExpectedPlayer();
  for (const id of ["a", "b"]) player.event({ id, stat: "wins", inc: 1 });
  expect(player.claimable).toEqual(["wins-2"]);
  player.claimed("wins-2");
  player.event({ id: "c", stat: "wins", inc: 1 });
  expect(player.claimable).toEqual([]);
  expect(player.goals.get("wins-2")).toMatchObject({
    status: "claimed",
    progress: 2,
    eventCount: 3,
  });
});

test("every stat has a goal that is never switched, claimed or completed", () => {
  const far = CHAOS_GOALS.filter(({ isDefault, target }) => isDefault && target > 100_000);
  expect(new Set(far.map(({ stat }) => stat))).toEqual(
    new Set(["wins", "score", "coins", "login"]),
  );
});

import { expect, test } from "vitest";

import { compare, type StoredGoal } from "./compare.ts";
import { ExpectedPlayer } from "./expected-player.ts";

/** A player with three wins, and its rows as they should be. */
function threeWins(): { player: ExpectedPlayer; rows: StoredGoal[] } {
  const player = new ExpectedPlayer();
  for (const id of ["a", "b", "c"]) player.event({ id, stat: "wins", inc: 1 });
  const rows = [...player.goals]
    .filter(([, { eventCount }]) => eventCount > 0)
    .map(([goalId, { progress, eventCount, status, isActive }]) => {
      return { userId: "ada", goalId, progress, eventCount, status, isActive };
    });
  return { player, rows };
}

function compared({ player, rows }: ReturnType<typeof threeWins>, change: Partial<StoredGoal>) {
  const changed = rows.map((row) => (row.goalId === "all-wins" ? { ...row, ...change } : row));
  return compare(new Map([["ada", player]]), changed);
}

test("what is as it must be has no losses", () => {
  expect(compared(threeWins(), {})).toEqual({
    applied: 3,
    lost: 0,
    doubled: 0,
    wrong: [],
  });
});

test("an event too few is lost, one too many doubled, though all the other goals have it", () => {
  expect(compared(threeWins(), { eventCount: 2 })).toMatchObject({ applied: 2, lost: 1 });
  expect(compared(threeWins(), { eventCount: 5 })).toMatchObject({ lost: 0, doubled: 2 });
});

test("a player without rows has lost everything", () => {
  const { player } = threeWins();
  const found = compare(new Map([["ada", player]]), []);
  expect(found).toMatchObject({ applied: 0, lost: 3 });
  expect(found.wrong.length).toBeGreaterThan(0);
});

test("progress, status and activity are compared too", () => {
  for (const change of [{ progress: 4 }, { status: "completed" }, { isActive: false }]) {
    expect(compared(threeWins(), change).wrong).toHaveLength(1);
  }
});

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { type FlushState, planFlush } from "./flush-plan.ts";

/** All that a plan looks at. */
interface Dirty {
  readonly dirtySince: number | null;
  readonly unstoredRows: number;
}

const anyState: fc.Arbitrary<FlushState<Dirty>> = fc
  .record({
    sinces: fc.uniqueArray(fc.integer({ min: 11, max: 60 }), { maxLength: 12 }),
    rows: fc.array(fc.nat({ max: 6 }), { minLength: 12, maxLength: 12 }),
    parkedSince: fc.option(fc.integer({ min: 11, max: 60 })),
    upto: fc.integer({ min: 5, max: 10 }),
    rowsMax: fc.integer({ min: 1, max: 10 }),
    playersMax: fc.integer({ min: 1, max: 6 }),
  })
  .map(({ sinces, rows, ...state }) => ({
    ...state,
    last: 60,
    dirty: sinces
      .toSorted((a, b) => a - b)
      .map((dirtySince, index) => ({ dirtySince, unstoredRows: rows[index] ?? 0 })),
  }));

function state(wish: Partial<FlushState<Dirty>>): FlushState<Dirty> {
  return { dirty: [], parkedSince: null, last: 60, upto: 10, rowsMax: 10, playersMax: 6, ...wish };
}

describe("a flush", () => {
  test("moves the fence to just below the oldest operation that is not in it, and not further", () => {
    fc.assert(
      fc.property(anyState, (given) => {
        const plan = planFlush(given);
        const isIn = new Set(plan.players);
        const held = given.dirty
          .filter((player) => !isIn.has(player))
          .map((p) => p.dirtySince ?? 0);
        if (given.parkedSince !== null) held.push(given.parkedSince);
        const expected = held.length === 0 ? given.last : Math.min(...held) - 1;
        expect(plan.upto).toBe(Math.max(given.upto, expected));
        for (const position of held) expect(plan.upto).toBeLessThan(position);
      }),
    );
  });

  test("takes the oldest players that fit, at least one, and counts the rest", () => {
    fc.assert(
      fc.property(anyState, (given) => {
        const { players, leftOut } = planFlush(given);
        expect(players).toEqual(given.dirty.slice(0, players.length));
        expect(leftOut).toBe(given.dirty.length - players.length);
        expect(players.length).toBeLessThanOrEqual(given.playersMax);
        expect(players.length > 0).toBe(given.dirty.length > 0);
        const rows = players.reduce((sum, { unstoredRows }) => sum + unstoredRows, 0);
        expect(players.length <= 1 || rows <= given.rowsMax).toBe(true);
        const next = given.dirty[players.length];
        const isFull =
          players.length === given.playersMax || rows + (next?.unstoredRows ?? 0) > given.rowsMax;
        expect(next === undefined || isFull).toBe(true);
      }),
    );
  });

  test("takes a player with more rows than a statement is meant to hold alone", () => {
    const huge = { dirtySince: 11, unstoredRows: 999 };
    const small = { dirtySince: 12, unstoredRows: 1 };
    expect(planFlush(state({ dirty: [huge, small] }))).toEqual({
      players: [huge],
      upto: 11,
      leftOut: 1,
    });
  });

  test("never moves the fence back", () => {
    expect(planFlush(state({ upto: 40, parkedSince: 11 })).upto).toBe(40);
  });
});

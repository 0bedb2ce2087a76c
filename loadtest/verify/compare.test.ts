import { expect, test } from "vitest";

import type { TallyData } from "../generator/tally.ts";
import { compareActivations, compareClaims, compareEvents, type Stored } from "./compare.ts";

function tally(differing: Partial<TallyData> = {}): TallyData {
  const none = { acknowledged: [], unknown: [], claimed: [], openClaims: [], activations: [] };
  return { ...none, ...differing };
}

function stored(differing: Partial<Stored> = {}): Stored {
  return { counts: new Map(), claimed: [], granted: [], active: new Map(), ...differing };
}

test("what one player lacks does not hide behind what another has too much", () => {
  const acknowledged = [3, 0, 0, 0, 0, 3, 0, 0, 0, 0];
  const counts = new Map([
    ["0/0", 2],
    ["1/0", 4],
  ]);
  expect(compareEvents(tally({ acknowledged }), stored({ counts }))).toEqual({
    acknowledged: 6,
    applied: 6,
    lost: 1,
    doubled: 1,
    unknown: 0,
  });
});

test("an event without a known outcome may be applied once, or not at all, but not twice", () => {
  const run = tally({ acknowledged: [2], unknown: [1] });
  for (const [applied, lost, doubled] of [
    [2, 0, 0],
    [3, 0, 0],
    [4, 0, 1],
    [1, 1, 0],
  ] as const) {
    const compared = compareEvents(run, stored({ counts: new Map([["0/0", applied]]) }));
    expect(compared).toMatchObject({ lost, doubled });
  }
});

test("a claim is lost without a row or a ledger line, and doubled with two lines or without a claim", () => {
  const claimed = [0, 1, 2].map((player) => ({ player, stat: 0 }));
  const run = tally({ claimed, openClaims: [{ player: 3, stat: 0 }] });
  const rows = stored({ claimed: ["0/0", "1/0"], granted: ["0/0", "0/0", "2/0", "3/0", "9/1"] });
  expect(compareClaims(run, rows)).toEqual({
    claims: 3,
    openClaims: 1,
    granted: 5,
    lostClaims: 2,
    doubledClaims: 2,
  });
});

test("a goal has to be switched as was acknowledged last; one that was never on needs no row", () => {
  const activations = [
    [0, 7, true],
    [0, 8, false],
    [1, 7, true],
  ] as const;
  const active = new Map([["0/7", true]]);
  expect(compareActivations(tally({ activations }), stored({ active }))).toBe(1);
});

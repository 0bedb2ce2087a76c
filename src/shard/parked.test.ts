import { expect, test } from "vitest";

import { aPlayer } from "../../test/support/player-builders.ts";
import { Parked } from "./parked.ts";
import { playerName } from "./resident.ts";

const [ada, bob, cyd] = ["ada", "bob", "cyd"].map((userId) => aPlayer({ userId }));

function aLot(): Parked {
  const parked = new Parked();
  for (const [index, player] of [ada, bob, ada, cyd].entries()) {
    if (player !== undefined) parked.add(player, 10 + index);
  }
  return parked;
}

test("whoever waited longest is loaded first, and positions stay in order", () => {
  const parked = aLot();
  expect(parked.players(2)).toEqual([ada, bob]);
  expect(parked.positionsOf(playerName(aPlayer()))).toEqual([10, 12]);
  expect(parked.since).toBe(10);
  parked.remove(playerName(aPlayer()));
  expect(parked.players(9)).toEqual([bob, cyd]);
  expect(parked.since).toBe(11);
});

test("who is set aside holds the fence, but neither a place in the queue nor an end of it", () => {
  const parked = aLot();
  parked.setAside(playerName(aPlayer()));
  expect(parked.players(1)).toEqual([bob]);
  expect(parked).toMatchObject({ size: 3, waiting: 2, stuck: 1, since: 10 });
  // A later operation does not put the player back into the queue; a successful load takes it out.
  parked.add(aPlayer(), 20);
  expect(parked.players(9)).toEqual([bob, cyd]);
  parked.remove(playerName(aPlayer()));
  expect(parked).toMatchObject({ size: 2, waiting: 2, stuck: 0, since: 11 });
});

test("only who is parked can be set aside", () => {
  const parked = new Parked();
  parked.setAside(playerName(aPlayer()));
  expect(parked).toMatchObject({ size: 0, waiting: 0, stuck: 0, since: null });
});

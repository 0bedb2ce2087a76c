import { expect, test } from "vitest";

import { CLAIM_TARGETS } from "../fixtures/load-catalog.ts";
import { eventsOf, switchOf } from "../k6/assignment.ts";
import { segmentsOf } from "../k6/streams.ts";
import type { Stream } from "../scenarios/scenario.ts";
import { tallyOf } from "./tally-of.ts";

const PLAYERS = 10;

function streamOf(stream: Stream) {
  const phases = [{ name: "mix", seconds: 1, streams: [stream] }];
  const [segment] = segmentsOf({ name: "x", players: PLAYERS, preloadedRows: 0, phases });
  const [numbered] = segment?.streams ?? [];
  if (numbered === undefined) throw new Error("no stream");
  return numbered;
}

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);

test("every event of every arrival is acknowledged, except those that the log names", () => {
  const stream = streamOf({ action: "events", perSecond: 5, batch: 20 });
  const [first] = eventsOf(stream, 3, PLAYERS);
  const lines = [{ is: "unacknowledged", ids: [first?.id ?? ""] }] as const;
  const { acknowledged, unknown } = tallyOf([{ stream, iterations: 5 }], lines, PLAYERS).data();
  expect([sum(acknowledged), sum(unknown)]).toEqual([99, 1]);
});

test("a claim comes with the events that complete its goal, and none is given out twice", () => {
  const stream = streamOf({ action: "claim", perSecond: 1 });
  const { claimed, acknowledged } = tallyOf([{ stream, iterations: 60 }], [], PLAYERS).data();
  // Each of the ten players can claim five goals; ten of the arrivals find nothing left.
  expect(new Set(claimed.map(({ player, stat }) => `${player}/${stat}`)).size).toBe(50);
  expect(claimed).toHaveLength(50);
  expect(acknowledged).toEqual(Array.from({ length: PLAYERS }, () => CLAIM_TARGETS).flat());
});

test("a refused claim is none, an open one may be paid", () => {
  const stream = streamOf({ action: "session", perSecond: 1 });
  const lines = [
    { is: "unclaimed", player: 0, stat: 0, isOpen: false },
    { is: "unclaimed", player: 1, stat: 2, isOpen: true },
  ] as const;
  const { claimed, openClaims } = tallyOf([{ stream, iterations: 2 }], lines, PLAYERS).data();
  expect(openClaims).toEqual([{ player: 1, stat: 2 }]);
  expect(claimed).toEqual([
    { player: 0, stat: 2 },
    { player: 1, stat: 0 },
  ]);
});

test("a goal stands as its last switch left it, unless the log says that nobody knows", () => {
  const stream = streamOf({ action: "set-active", perSecond: 1 });
  const { player, goal } = switchOf(1, PLAYERS);
  const lines = [{ is: "unswitched", player, goal }] as const;
  const { activations } = tallyOf([{ stream, iterations: 15 }], lines, PLAYERS).data();
  expect(activations).toHaveLength(9);
  expect(activations.filter(([, , isActive]) => isActive).map(([player]) => player)).toEqual([
    5, 6, 7, 8, 9,
  ]);
});

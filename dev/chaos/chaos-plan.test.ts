import { expect, test } from "vitest";

import { planBlows } from "./chaos-plan.ts";

test("a minute has five kills, twenty seconds without Postgres, one kill in them, and two of the reward service", () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const blows = planBlows(seed, 60_000);
    const stop = blows.find(({ kind }) => kind === "stop-postgres");
    const kills = blows.filter(({ kind }) => kind === "kill").map(({ atMs }) => atMs);
    expect(stop?.forMs).toBe(20_000);
    expect(kills.length).toBe(5);
    const from = stop?.atMs ?? 0;
    expect(kills.some((atMs) => atMs >= from && atMs <= from + 20_000)).toBe(true);
    expect(blows.every(({ atMs }) => atMs < 60_000)).toBe(true);
    expect(blows.map(({ kind }) => kind)).toContain("freeze-postgres");
    expect(blows.filter(({ kind }) => kind === "kill-rewards").length).toBe(2);
  }
});

test("a short run has a kill and a stop too", () => {
  const kinds = new Set(planBlows(1, 12_000).map(({ kind }) => kind));
  expect(kinds).toEqual(new Set(["kill", "stop-postgres", "kill-rewards"]));
});

test("the same seed breaks the same, another one something else", () => {
  expect(planBlows(7, 60_000)).toEqual(planBlows(7, 60_000));
  expect(planBlows(7, 60_000)).not.toEqual(planBlows(8, 60_000));
});

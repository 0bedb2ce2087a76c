import { expect, test } from "vitest";

import { compareCounts } from "./compare-counts.ts";

function compared(acknowledged: Record<string, number>, counted: Record<string, number>) {
  const stored = Object.entries(counted).map(([userId, eventCount]) => {
    const goal = { goalId: "all-wins", progress: eventCount, status: "in_progress" };
    return { userId, eventCount, isActive: true, ...goal };
  });
  return compareCounts(new Map(Object.entries(acknowledged)), stored);
}

test("one too few is lost, one too many doubled, also when they make up for each other", () => {
  expect(compared({ ada: 3, bob: 2 }, { ada: 3, bob: 2 })).toEqual({
    applied: 5,
    lost: 0,
    doubled: 0,
  });
  expect(compared({ ada: 3, bob: 2 }, { ada: 2, bob: 3 })).toEqual({
    applied: 4,
    lost: 1,
    doubled: 1,
  });
});

test("whoever has no row has lost everything, and a row of somebody who was never told is doubled", () => {
  expect(compared({ ada: 3 }, { bob: 1 })).toEqual({ applied: 0, lost: 3, doubled: 1 });
});

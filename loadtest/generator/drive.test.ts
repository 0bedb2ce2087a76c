import { expect, test } from "vitest";

import { Histogram } from "../measure/histogram.ts";
import { drivePhase, type DriverClock } from "./drive.ts";

/** A clock that moves only when somebody sleeps, by at least `stepMs`. */
function fakeClock(stepMs: number): DriverClock {
  let nowMs = 1_000;
  return {
    now: () => nowMs,
    sleep: async (milliseconds) => {
      nowMs += Math.max(stepMs, milliseconds);
    },
  };
}

async function drive(stepMs: number): Promise<{ due: number[]; lateness: Histogram }> {
  const lateness = new Histogram();
  const due: number[] = [];
  const streams = [{ action: "events", perSecond: 200 }] as const;
  const phase = { name: "one", seconds: 2, streams };
  const dispatch = (_: unknown, { dueAtMs }: { dueAtMs: number }) => void due.push(dueAtMs);
  await drivePhase(phase, dispatch, lateness, fakeClock(stepMs));
  return { due, lateness };
}

test("arrivals are due evenly, at the rate, whatever the timers do", async () => {
  for (const stepMs of [1, 37, 400]) {
    const { due } = await drive(stepMs);
    expect(due).toHaveLength(400);
    expect(due.every((at, index) => Math.abs(at - 1_000 - index * 5) < 0.001)).toBe(true);
  }
});

test("a driver that is held up says so, and its arrivals stay due when they were", async () => {
  expect((await drive(1)).lateness.maxMs).toBeLessThan(1);
  expect((await drive(400)).lateness.maxMs).toBeGreaterThan(300);
});

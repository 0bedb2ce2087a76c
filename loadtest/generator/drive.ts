import { setTimeout as sleep } from "node:timers/promises";

import type { Histogram } from "../measure/histogram.ts";
import type { Phase, Stream } from "../scenarios/scenario.ts";
import type { Arrival } from "./client.ts";

/** Time as the driver sees it; milliseconds. */
export interface DriverClock {
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

const REAL_CLOCK: DriverClock = {
  now: () => performance.now(),
  sleep: async (milliseconds) => sleep(milliseconds),
};
/** How late an arrival may be sent: a timer of Node is good for about this. */
const TICK_MS = 1;

/**
 * Sends each arrival of a phase when it is due, answered or not: an open loop, so that a slow server meets the same load.
 *
 * Returns when the phase's time is over; arrivals may be under way still. `lateness`: how late the driver itself was.
 */
export async function drivePhase(
  phase: Phase,
  dispatch: (stream: Stream, arrival: Arrival) => void,
  lateness: Histogram,
  clock: DriverClock = REAL_CLOCK,
): Promise<void> {
  const startsAt = clock.now();
  const endsAt = startsAt + phase.seconds * 1000;
  // Spread over their first interval, so that the streams do not fire together.
  const schedules = phase.streams.map((stream, index) => {
    const intervalMs = 1000 / stream.perSecond;
    const firstAt = startsAt + (intervalMs * index) / phase.streams.length;
    return { stream, intervalMs, firstAt, sent: 0 };
  });
  for (;;) {
    const now = clock.now();
    for (const schedule of schedules) {
      for (;;) {
        const dueAtMs = schedule.firstAt + schedule.sent * schedule.intervalMs;
        if (dueAtMs > now || dueAtMs >= endsAt) break;
        schedule.sent += 1;
        lateness.add(now - dueAtMs);
        dispatch(schedule.stream, { phase: phase.name, dueAtMs });
      }
    }
    if (now >= endsAt) return;
    await clock.sleep(TICK_MS);
  }
}

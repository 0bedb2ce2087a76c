import { RandomStream } from "../faults/random.ts";

/** Something that breaks at a moment of the run. */
export interface Blow {
  /** From the start of the load. */
  readonly atMs: number;
  readonly kind: "kill" | "stop-postgres" | "freeze-postgres" | "kill-rewards";
  /** How long Postgres, or the reward service, is away; 0 for a kill of workerd. */
  readonly forMs: number;
}

/** A kill about so often; a new Worker needs some two seconds until it answers, its players longer. */
const KILL_EVERY_MS = 12_000;
/** Of the run, Postgres is stopped for so much, but not longer than the promise speaks of. */
const STOPPED_SHARE = 1 / 3;
const STOPPED_MS_MAX = 20_000;
/** Longer than a statement's time limit, so that every statement that meets it is unknown. */
const FROZEN_MS = 7_000;
/** The reward service is killed about so often, and is away for so long; claims are "pending" by then. */
const REWARDS_KILL_EVERY_MS = 20_000;
const REWARDS_AWAY_MS = 4_000;
/** Short runs have no time for it. */
const FREEZE_FROM_MS = 40_000;

/** When what breaks, in order; one kill always falls into the time without Postgres. Pure. */
export function planBlows(seed: number, durationMs: number): Blow[] {
  const random = new RandomStream(seed, 0);
  /** One per stretch of the run, so that there is load between two. */
  const spread = (kind: Blow["kind"], count: number, forMs: number): Blow[] =>
    Array.from({ length: count }, (_, index) => {
      const atMs = Math.round(((index + 0.2 + 0.7 * random.next()) / count) * durationMs);
      return { atMs, kind, forMs };
    });
  const stoppedForMs = Math.min(STOPPED_MS_MAX, Math.round(durationMs * STOPPED_SHARE));
  const stoppedAtMs = Math.round(durationMs * (0.2 + 0.2 * random.next()));
  const blows: Blow[] = [
    { atMs: stoppedAtMs, kind: "stop-postgres", forMs: stoppedForMs },
    { atMs: stoppedAtMs + Math.round(stoppedForMs * random.next()), kind: "kill", forMs: 0 },
  ];
  if (durationMs >= FREEZE_FROM_MS) {
    const atMs = stoppedAtMs + stoppedForMs + random.integer(4_000, 8_000);
    blows.push({ atMs, kind: "freeze-postgres", forMs: FROZEN_MS });
  }
  const kills = Math.max(1, Math.round(durationMs / KILL_EVERY_MS) - 1);
  blows.push(...spread("kill", kills, 0));
  const outages = Math.max(1, Math.round(durationMs / REWARDS_KILL_EVERY_MS) - 1);
  blows.push(...spread("kill-rewards", outages, Math.min(REWARDS_AWAY_MS, durationMs / 4)));
  return blows.toSorted((a, b) => a.atMs - b.atMs);
}

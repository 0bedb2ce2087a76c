import type { Clock } from "../src/core/ports.ts";

/** The var by which the local stack tells its Worker by how much to shift the rules' clock. */
export const CLOCK_OFFSET_VAR = "GAUNTLET_CLOCK_OFFSET_MS";

/** The real time plus the offset in `env`. Throws when there is none: this clock is of no use without. */
export function shiftedClock(env: object): Clock {
  const offsetMs = Number(Reflect.get(env, CLOCK_OFFSET_VAR));
  if (!Number.isSafeInteger(offsetMs)) {
    throw new Error(`${CLOCK_OFFSET_VAR} must be a whole number of milliseconds.`);
  }
  return { now: () => Date.now() + offsetMs };
}

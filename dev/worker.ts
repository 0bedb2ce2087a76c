import { createWorker } from "../src/entry.ts";
import { ShardObject } from "../src/shard/shard-object.ts";
import { shiftedClock } from "./shifted-clock.ts";

// The entry of a local stack whose clock is shifted (`npm run dev -- --clock-offset 1d`); a deployment never sees this file.

/** The shard with the rules' clock shifted. */
export class Shard extends ShardObject {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env, shiftedClock(env));
  }
}

export default createWorker(shiftedClock);

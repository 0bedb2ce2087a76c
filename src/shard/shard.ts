import { systemClock } from "../system-clock.ts";
import { ShardObject } from "./shard-object.ts";

/** The shard of a deployment: its rules go by the real time. */
export class Shard extends ShardObject {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env, systemClock);
  }
}

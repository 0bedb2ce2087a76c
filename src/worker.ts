import { createWorker } from "./entry.ts";
import { systemClock } from "./system-clock.ts";

export { Shard } from "./shard/shard.ts";

/** The entry of a deployment. The local stack has another one, dev/worker.ts, when its clock is shifted. */
export default createWorker(() => systemClock);

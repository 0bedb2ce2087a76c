import type { ShardReading } from "../core/shard-metrics.ts";
import type { CallContext } from "./call-origin.ts";
import type { ShardCaller } from "./shard-caller.ts";

/** A shard that has not told its metrics by then counts as down: who scrapes waits ten seconds at most, as a rule. */
const READ_TIMEOUT_MS = 3_000;

/** Asks a shard for its metrics; never throws. */
export async function readShard(
  caller: ShardCaller,
  shard: string,
  context: CallContext,
): Promise<ShardReading> {
  const { promise: timeout, resolve } = Promise.withResolvers<null>();
  const timer = setTimeout(resolve, READ_TIMEOUT_MS, null);
  const call = caller.callWithAllCounts(shard, context, async (stub, origin) => ({
    ok: true,
    value: await stub.metrics(origin),
  }));
  const outcome = await Promise.race([call, timeout]);
  clearTimeout(timer);
  return { shard, metrics: outcome?.ok === true ? outcome.value : null };
}

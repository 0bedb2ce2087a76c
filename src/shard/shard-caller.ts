import type { Clock } from "../core/ports.ts";
import type { RequestDelta, RequestTally } from "../core/request-tally.ts";
import type { CallContext, CallOrigin } from "./call-origin.ts";
import type { ShardOutcome } from "./handed-over.ts";
import { callShard } from "./rpc.ts";
import type { ShardObject } from "./shard-object.ts";

/** One call of a shard, sent again when need be: with the same ids, and the same counts. */
export type ShardCall<T> = (
  shard: DurableObjectStub<ShardObject>,
  origin: CallOrigin,
) => Promise<ShardOutcome<T>>;

/** What calls are made with. */
export interface ShardCallerOptions {
  readonly shards: DurableObjectNamespace<ShardObject>;
  readonly tally: RequestTally;
  /** The real time. */
  readonly clock: Clock;
}

/** Calls shards, and hands them the Worker's counts with it. Counts travel as passengers: they fail no call. */
export class ShardCaller {
  readonly #options: ShardCallerOptions;

  constructor(options: ShardCallerOptions) {
    this.#options = options;
  }

  /** One call in the name of a request; see callShard. */
  call<T>(shard: string, context: CallContext, send: ShardCall<T>): Promise<ShardOutcome<T>> {
    const { tally, clock } = this.#options;
    return this.#send(shard, context, tally.carriedTo(shard, clock.now()), send);
  }

  /** The same, with all counts that are not known to have arrived anywhere. */
  callWithAllCounts<T>(
    shard: string,
    context: CallContext,
    send: ShardCall<T>,
  ): Promise<ShardOutcome<T>> {
    const { tally, clock } = this.#options;
    return this.#send(shard, context, tally.carriedNow(shard, clock.now()), send);
  }

  async #send<T>(
    shard: string,
    context: CallContext,
    counted: RequestDelta | null,
    send: ShardCall<T>,
  ): Promise<ShardOutcome<T>> {
    const { shards, tally } = this.#options;
    if (counted === null) return callShard(shards, shard, { ...context, counted }, send);
    let hasArrived = false;
    const outcome = await callShard<T>(shards, shard, { ...context, counted }, async (...call) => {
      const answer = await send(...call);
      hasArrived = true;
      return answer;
    });
    tally.ended(shard, counted, hasArrived);
    return outcome;
  }
}

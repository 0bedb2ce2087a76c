import type { RequestDelta } from "../core/request-tally.ts";
import type { ShardLayout } from "./routing.ts";

/** In whose name a shard is called, and under which layout. */
export interface CallContext {
  /** Of the HTTP request in whose name the shard is called: its lines about the call carry it. */
  readonly requestId: string;
  /** The caller's: under it, the call's players are this shard's. */
  readonly layout: ShardLayout;
}

/** What comes with every call of a shard, beside what is asked. Plain data, it crosses RPC. */
export interface CallOrigin extends CallContext {
  /** What the Worker counted and hands over; null: nothing this time. */
  readonly counted: RequestDelta | null;
}

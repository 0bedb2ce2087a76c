import type { ShardLayout } from "./routing.ts";

/** What comes with every call of a shard, beside what is asked. Plain data, it crosses RPC. */
export interface CallOrigin {
  /** Of the HTTP request in whose name the shard is called: its lines about the call carry it. */
  readonly requestId: string;
  /** The caller's: under it, the call's players are this shard's. */
  readonly layout: ShardLayout;
}

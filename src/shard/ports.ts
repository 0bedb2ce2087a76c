import type { Digest } from "../core/claim.ts";
import type { Clock, RewardGranter } from "../core/ports.ts";
import type { ShardStore } from "../core/shard-store.ts";
import type { LogEvents } from "../log-events.ts";
import type { CatalogSource } from "./catalog-shelf.ts";
import type { DedupLimits } from "./dedup.ts";
import type { OlderShards } from "./handed-over.ts";
import type { Sql } from "./sql.ts";

/** Writes one structured line of those that `log-events.ts` names; what is counted for /metrics is counted from them. */
export type ShardLog = <Name extends keyof LogEvents>(event: Name, fields: LogEvents[Name]) => void;

/** Everything outside the shard's algorithms: the Durable Object supplies it, and tests do. */
export interface ShardPorts {
  /** The shard's name, such as `g1-8-3`; see routing.ts. */
  readonly shard: string;
  /** Random name of this instance: how a claim of the fence is recognised after a lost answer. */
  readonly instance: string;
  /** No position at or below it is given. */
  readonly positionFloor: number;
  readonly sql: Sql;
  readonly store: ShardStore;
  readonly catalogs: CatalogSource;
  readonly granter: RewardGranter;
  readonly olderShards: OlderShards;
  readonly digest: Digest;
  /** Numbers from 0 to below 1, for draws. */
  readonly random: () => number;
  /** What the rules take for now; a local stack may shift it. */
  readonly clock: Clock;
  /** What alarms, timeouts and dedup take for now. */
  readonly realClock: Clock;
  /** Runs `action` after a while; the returned function cancels it. */
  readonly after: (milliseconds: number, action: () => void) => () => void;
  /** Arms the object's one alarm for an instant of the real clock. */
  readonly setAlarm: (at: number) => void;
  /** Ends this instance: its memory may be ahead of its storage, or another instance took over. */
  readonly abort: (reason: string) => void;
  readonly log: ShardLog;
  readonly settings: ShardSettings;
}

/** Deployment's choices, from config.ts. */
export interface ShardSettings {
  readonly flushIntervalMs: number;
  readonly claimGraceMs: number;
  /** A grant that is asked for in vain this long is parked. */
  readonly grantParkAfterMs: number;
  readonly dedup: DedupLimits;
  /** In place of those in limits.ts: a deployment chooses how much its journal takes, and tests want them small. */
  readonly limits?: {
    readonly flushRowsMax?: number;
    readonly residentBytesMax?: number;
    readonly journalOperationsMax?: number;
  };
}

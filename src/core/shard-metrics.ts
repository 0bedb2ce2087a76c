import type { HistogramCounts } from "./histogram.ts";
import type { EventResult } from "./operation.ts";
import type { GrantOutcome } from "./ports.ts";
import type { RequestCounts } from "./request-counter.ts";

/** What one shard measures of itself; plain data, it crosses RPC. Counts are those of this instance: a restart begins anew. */
export interface ShardMetrics {
  readonly shard: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly now: ShardGauges;
  readonly counts: ShardCounts;
  /** What Workers counted and handed over to this shard, whoever the requests were for. */
  readonly requests: RequestCounts;
}

/** How the shard stands at this moment. */
export interface ShardGauges {
  readonly isStopped: boolean;
  readonly journalOperations: number;
  readonly journalBytes: number;
  /** Age of the oldest operation that Postgres lacks. */
  readonly oldestAgeMs: number;
  readonly dirtyPlayers: number;
  readonly parkedPlayers: number;
  readonly residentPlayers: number;
  readonly dedupIds: number;
  /** Grants that are neither granted nor refused, and how many of them are parked. */
  readonly openGrants: number;
  readonly parkedGrants: number;
  /** Epoch milliseconds, by this or an earlier instance; null before the first. */
  readonly lastFlushAt: number | null;
}

/** What has happened since the instance started. */
export interface ShardCounts {
  readonly events: Readonly<Record<EventResult["status"], number>>;
  readonly dedupHits: number;
  readonly loads: number;
  readonly loadedPlayers: number;
  readonly loadFailures: number;
  readonly flushes: number;
  readonly flushedRows: number;
  readonly flushFailures: number;
  readonly fenceClaims: number;
  readonly deadLetters: number;
  /** Calls that were refused, by `kind code`, such as `events SHARD_OVERLOADED`. */
  readonly refusals: Readonly<Record<string, number>>;
  /** Answers of the reward service. */
  readonly grants: Readonly<Record<GrantOutcome["outcome"], number>>;
  /** Bounds: FLUSH_BOUNDS_MS. */
  readonly flushDurations: HistogramCounts;
  /** From the arrival of a flush's oldest operation to its confirmation. Bounds: LAG_BOUNDS_MS. */
  readonly lags: HistogramCounts;
}

/** One shard as /metrics found it; null: it did not answer. */
export interface ShardReading {
  readonly shard: string;
  readonly metrics: ShardMetrics | null;
}

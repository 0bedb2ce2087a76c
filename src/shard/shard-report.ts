import type { ShardStatus } from "../core/ports.ts";
import type { ShardMetrics } from "../core/shard-metrics.ts";
import type { FenceKeeper } from "./fence-keeper.ts";
import type { Loader } from "./loader.ts";
import type { ShardMemory } from "./memory.ts";
import type { ShardPorts } from "./ports.ts";
import type { ShardCounters } from "./shard-counters.ts";

/** Where a shard's measures are found. */
export interface ReportParts {
  readonly memory: ShardMemory;
  readonly fence: FenceKeeper;
  readonly loader: Loader;
  readonly counters: ShardCounters;
  /** When this instance started, epoch milliseconds. */
  readonly startedAt: number;
}

/** How the shard is doing. `passError`: why the last pass failed. */
export function statusOf(
  { memory, fence }: ReportParts,
  { shard, clock }: Pick<ShardPorts, "shard" | "clock">,
  passError: string | null,
): ShardStatus {
  const { journal, residents, parked } = memory;
  const oldestAt = journal.oldestAt;
  return {
    shard,
    epoch: fence.lastEpoch,
    journalDepth: journal.size.operations,
    oldestAgeMs: oldestAt === null ? 0 : Math.max(0, clock.now() - oldestAt),
    dirtyPlayers: residents.dirtyCount,
    parkedPlayers: parked.size,
    lastFlushAt: fence.lastFlushAt,
    lastError: fence.stopped ?? passError,
  };
}

/** What the shard measures of itself, and what Workers handed over to it. `status`: the same moment's. */
export function metricsOf(parts: ReportParts, status: ShardStatus): ShardMetrics {
  const { memory, fence, loader, counters, startedAt } = parts;
  const { journal, residents, dedup, openGrants } = memory;
  const { loads, players } = loader.done;
  return {
    shard: status.shard,
    startedAt,
    now: {
      isStopped: fence.stopped !== null,
      journalOperations: status.journalDepth,
      journalBytes: journal.size.bytes,
      oldestAgeMs: status.oldestAgeMs,
      dirtyPlayers: status.dirtyPlayers,
      parkedPlayers: status.parkedPlayers,
      residentPlayers: residents.size,
      dedupIds: dedup.size,
      openGrants: openGrants.size,
      parkedGrants: openGrants.parked,
      lastFlushAt: status.lastFlushAt,
    },
    counts: { ...counters.counted, dedupHits: dedup.hits, loads, loadedPlayers: players },
    requests: counters.requests,
  };
}

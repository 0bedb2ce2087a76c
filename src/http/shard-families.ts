import type { ShardMetrics } from "../core/shard-metrics.ts";
import type { Labels } from "./open-metrics.ts";

/** A family of plain numbers that every shard has, and where they are found. */
interface ShardFamily {
  readonly name: string;
  readonly help: string;
  readonly unit?: "seconds" | "bytes";
  /** By labels; the shard's is added. */
  readonly read: (metrics: ShardMetrics) => readonly (readonly [Labels, number])[];
}

/** How each shard stands. */
export const SHARD_GAUGES: readonly ShardFamily[] = [
  {
    name: "gauntlet_shard_start_time_seconds",
    unit: "seconds",
    help: "When the shard's object started, since the epoch: its counters count from there.",
    read: ({ startedAt }) => one(startedAt / 1_000),
  },
  {
    name: "gauntlet_shard_stopped",
    help: "1 when the shard writes nothing any more and waits for an operator.",
    read: ({ now }) => one(now.isStopped ? 1 : 0),
  },
  {
    name: "gauntlet_journal_operations",
    help: "Acknowledged operations that Postgres lacks.",
    read: ({ now }) => one(now.journalOperations),
  },
  {
    name: "gauntlet_journal_bytes",
    unit: "bytes",
    help: "Size of the groups that hold them.",
    read: ({ now }) => one(now.journalBytes),
  },
  {
    name: "gauntlet_journal_oldest_age_seconds",
    unit: "seconds",
    help: "Age of the oldest operation that Postgres lacks; 0 when it lacks none.",
    read: ({ now }) => one(now.oldestAgeMs / 1_000),
  },
  {
    name: "gauntlet_dirty_players",
    help: "Players in memory with changes that Postgres lacks.",
    read: ({ now }) => one(now.dirtyPlayers),
  },
  {
    name: "gauntlet_parked_players",
    help: "Players whose operations wait until they are loaded.",
    read: ({ now }) => one(now.parkedPlayers),
  },
  {
    name: "gauntlet_resident_players",
    help: "Players in memory.",
    read: ({ now }) => one(now.residentPlayers),
  },
  {
    name: "gauntlet_dedup_ids",
    help: "Operation ids in the dedup window.",
    read: ({ now }) => one(now.dedupIds),
  },
  {
    name: "gauntlet_open_grants",
    help: "Claims whose reward is neither granted nor refused yet.",
    read: ({ now }) => one(now.openGrants),
  },
  {
    name: "gauntlet_last_flush_timestamp_seconds",
    unit: "seconds",
    help: "When the last flush was confirmed, since the epoch; missing before the first.",
    read: ({ now }) => (now.lastFlushAt === null ? [] : one(now.lastFlushAt / 1_000)),
  },
];

/** What has happened in each shard since its object started. */
export const SHARD_COUNTERS: readonly ShardFamily[] = [
  {
    name: "gauntlet_events",
    help: "Events by what became of them; invalid ones came to no shard.",
    read: ({ counts, requests }) => [
      ...labelled("result", Object.entries(counts.events)),
      [{ result: "invalid" }, requests.invalidEvents],
    ],
  },
  {
    name: "gauntlet_dedup_hits",
    help: "Operation ids that were met again.",
    read: ({ counts }) => one(counts.dedupHits),
  },
  {
    name: "gauntlet_loads",
    help: "Statements that read players from Postgres.",
    read: ({ counts }) => one(counts.loads),
  },
  {
    name: "gauntlet_loaded_players",
    help: "Players that they read.",
    read: ({ counts }) => one(counts.loadedPlayers),
  },
  {
    name: "gauntlet_load_failures",
    help: "Such statements that failed.",
    read: ({ counts }) => one(counts.loadFailures),
  },
  {
    name: "gauntlet_flushes",
    help: "Flushes that are in Postgres.",
    read: ({ counts }) => one(counts.flushes),
  },
  {
    name: "gauntlet_flushed_rows",
    help: "Rows of progress that they wrote.",
    read: ({ counts }) => one(counts.flushedRows),
  },
  {
    name: "gauntlet_flush_failures",
    help: "Passes of the alarm that could not do all that they had to.",
    read: ({ counts }) => one(counts.flushFailures),
  },
  {
    name: "gauntlet_fence_claims",
    help: "Times that the shard's object took over, after a restart or from another instance.",
    read: ({ counts }) => one(counts.fenceClaims),
  },
  {
    name: "gauntlet_refusals",
    help: "Calls that the shard refused, by kind of call and error code.",
    read: ({ counts }) =>
      Object.entries(counts.refusals).map(([key, count]) => {
        const [call = "", code = ""] = key.split(" ");
        return [{ call, code }, count];
      }),
  },
  {
    name: "gauntlet_grant_answers",
    help: "Answers of the reward service; granted and rejected come once per grant, the others are asked again.",
    read: ({ counts }) => labelled("outcome", Object.entries(counts.grants)),
  },
];

function one(value: number): readonly (readonly [Labels, number])[] {
  return [[{}, value]];
}

function labelled(
  label: string,
  entries: readonly (readonly [string, number])[],
): readonly (readonly [Labels, number])[] {
  return entries.map(([text, value]) => [{ [label]: text }, value]);
}

import { one, type ShardFamily } from "./shard-family.ts";

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
    help: "Claims whose reward is neither granted nor refused yet; parked ones wait for an operator.",
    read: ({ now }) => [
      [{ state: "pending" }, now.openGrants - now.parkedGrants],
      [{ state: "parked" }, now.parkedGrants],
    ],
  },
  {
    name: "gauntlet_last_flush_timestamp_seconds",
    unit: "seconds",
    help: "When the last flush was confirmed, since the epoch; missing before the first.",
    read: ({ now }) => (now.lastFlushAt === null ? [] : one(now.lastFlushAt / 1_000)),
  },
];

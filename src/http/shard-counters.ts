import { labelled, one, type ShardFamily } from "./shard-family.ts";

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
    name: "gauntlet_dead_letters",
    help: "Dead letters written: what could not be stored or applied.",
    read: ({ counts }) => one(counts.deadLetters),
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

import { setTimeout as sleep } from "node:timers/promises";

import type { StoredGoal } from "../chaos/compare.ts";
import { observePostgres } from "../chaos/observe.ts";
import { StackProblem } from "../stack-problem.ts";
import { BATCH_EVENTS, type LoadOptions, type SentEvent, sendOnce } from "./load.ts";
import { pause } from "./pause.ts";
import type { Sample } from "./sampler.ts";
import type { Tally } from "./tally.ts";

/** For 400,000 operations on a busy machine. A backlog that takes longer is one that an operator would have to help with. */
const RECOVERY_MS_MAX = 180_000;
const RECOVERY_POLL_INTERVAL_MS = 100;
/** What is sent again is flushed within a second or two. */
const SETTLE_MS_MAX = 20_000;
const RESEND_PAUSE_MS = 250;

/** Waits until a sample shows that no shard has anything left to write; answers its moment, null when none comes in time. */
export async function becomesEmpty(
  samples: readonly Sample[],
  sinceMs: number,
  interrupt: AbortSignal,
): Promise<number | null> {
  const giveUpAt = Date.now() + RECOVERY_MS_MAX;
  while (Date.now() < giveUpAt) {
    const empty = samples.find(({ atMs, shards }) => atMs >= sinceMs && isEmpty(shards));
    if (empty !== undefined) return empty.atMs;
    await pause(RECOVERY_POLL_INTERVAL_MS, interrupt);
  }
  return null;
}

function isEmpty(shards: Sample["shards"]): boolean {
  return shards !== null && shards.journalDepth + shards.dirtyPlayers + shards.parkedPlayers === 0;
}

/** Events without an answer are sent again under their ids until each has one. */
export async function resend(
  load: LoadOptions,
  unknown: readonly SentEvent[],
  interrupt: AbortSignal,
): Promise<void> {
  const giveUpAt = Date.now() + RECOVERY_MS_MAX;
  for (let left = [...unknown]; left.length > 0;) {
    if (Date.now() > giveUpAt) throw new StackProblem(`${left.length} events get no answer.`);
    const batch = left.slice(0, BATCH_EVENTS);
    const again = await sendOnce(load, batch);
    // Who is refused is not taken, which is an answer too.
    left = [...left.slice(batch.length), ...again.unknown];
    if (again.unknown.length > 0) await pause(RESEND_PAUSE_MS, interrupt);
  }
}

/** The goal that counts every win, once what was sent again is in; or as far as it is after some time. */
export async function storedWins(
  databaseUrl: string,
  { acknowledged }: Tally,
): Promise<StoredGoal[]> {
  const due = [...acknowledged.values()].reduce((sum, count) => sum + count, 0);
  const giveUpAt = Date.now() + SETTLE_MS_MAX;
  for (;;) {
    const { goals } = await observePostgres(databaseUrl);
    const wins = goals.filter(({ goalId }) => goalId === "all-wins");
    const counted = wins.reduce((sum, { eventCount }) => sum + eventCount, 0);
    if (counted >= due || Date.now() > giveUpAt) return wins;
    await sleep(RESEND_PAUSE_MS);
  }
}

import { setTimeout as sleep } from "node:timers/promises";

import { readShards } from "./measure/sampler.ts";

const POLL_INTERVAL_MS = 200;
/** A backlog of a million events goes out within a minute; something is stuck then. */
const SETTLE_TIMEOUT_MS = 120_000;

/** Waits until Postgres holds everything; the milliseconds that it took, or null when it did not happen. */
export async function settle(baseUrl: string, serverKey: string): Promise<number | null> {
  const startedAt = performance.now();
  while (performance.now() - startedAt < SETTLE_TIMEOUT_MS) {
    const shards = await readShards(baseUrl, serverKey);
    const left = shards === null ? 1 : shards.dirtyPlayers + shards.parkedPlayers;
    if (left === 0) return performance.now() - startedAt;
    await sleep(POLL_INTERVAL_MS);
  }
  return null;
}

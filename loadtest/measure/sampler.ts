import { setTimeout as sleep } from "node:timers/promises";

import * as z from "zod";

import { readProcessTable } from "./process-table.ts";
import { usageBetween, type Part, type PartUsage } from "./usage.ts";

const SHARDS = z.object({
  shards: z.array(
    z.object({
      journalDepth: z.number(),
      oldestAgeMs: z.number(),
      dirtyPlayers: z.number(),
      parkedPlayers: z.number(),
      lastError: z.string().nullable(),
    }),
  ),
});

/** How the shards stand, over all of them. */
export interface ShardsSample {
  readonly journalDepth: number;
  /** Age of the oldest operation that Postgres does not contain: how far it is behind. */
  readonly lagMs: number;
  readonly dirtyPlayers: number;
  readonly parkedPlayers: number;
  readonly lastErrors: readonly string[];
}

/** One look at everything. */
export interface Sample {
  readonly atMs: number;
  readonly usage: Readonly<Record<Part, PartUsage>>;
  /** Null when the Worker did not answer in time. */
  readonly shards: ShardsSample | null;
}

const INTERVAL_MS = 1_000;
/** A look must not take the CPU that it measures, nor hang with an overloaded Worker. */
const SHARDS_TIMEOUT_MS = 5_000;

/** A running sampler. */
export interface Sampler {
  readonly samples: readonly Sample[];
  stop(): Promise<void>;
}

/** Looks each second at the processes of this run, and at the shards by the API. */
export function startSampler(baseUrl: string, serverKey: string): Sampler {
  const samples: Sample[] = [];
  const ending = new AbortController();
  const run = async () => {
    let before = readProcessTable();
    let beforeAt = performance.now();
    while (!ending.signal.aborted) {
      await sleep(INTERVAL_MS);
      const after = readProcessTable();
      const now = performance.now();
      const usage = usageBetween(before, after, (now - beforeAt) / 1000, process.pid);
      [before, beforeAt] = [after, now];
      samples.push({ atMs: Date.now(), usage, shards: await readShards(baseUrl, serverKey) });
    }
  };
  const running = run();
  return {
    samples,
    stop: () => {
      ending.abort();
      return running;
    },
  };
}

/** How the shards stand; null when the Worker does not say. */
export async function readShards(baseUrl: string, serverKey: string): Promise<ShardsSample | null> {
  try {
    const response = await fetch(`${baseUrl}/v1/admin/shards`, {
      headers: { Authorization: `Bearer ${serverKey}` },
      signal: AbortSignal.timeout(SHARDS_TIMEOUT_MS),
    });
    const { shards } = SHARDS.parse(await response.json());
    const sum = (of: (shard: (typeof shards)[number]) => number) =>
      shards.reduce((total, shard) => total + of(shard), 0);
    return {
      journalDepth: sum(({ journalDepth }) => journalDepth),
      lagMs: Math.max(0, ...shards.map(({ oldestAgeMs }) => oldestAgeMs)),
      dirtyPlayers: sum(({ dirtyPlayers }) => dirtyPlayers),
      parkedPlayers: sum(({ parkedPlayers }) => parkedPlayers),
      lastErrors: shards.flatMap(({ lastError }) => lastError ?? []),
    };
  } catch {
    return null;
  }
}

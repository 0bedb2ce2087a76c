import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import * as z from "zod";

import { descendantsOf } from "../processes.ts";
import type { Stack } from "../stack.ts";
import { findIsolate } from "./isolate-heap.ts";
import { ask } from "./overload-client.ts";

/** The state of a run at one moment. */
export interface Sample {
  /** From the first sample. */
  readonly atMs: number;
  /** Resident memory of workerd, native memory included. */
  readonly workerdBytes: number;
  /** What the isolate of Worker and shards uses; null where that cannot be told, or when it was too busy to say. */
  readonly isolateBytes: number | null;
  /** Summed over the shards; null when they did not answer in time. */
  readonly shards: {
    readonly journalDepth: number;
    readonly dirtyPlayers: number;
    readonly parkedPlayers: number;
  } | null;
}

const SAMPLE_INTERVAL_MS = 1_000;

const SHARDS = z.object({
  shards: z.array(
    z.object({
      journalDepth: z.number(),
      dirtyPlayers: z.number(),
      parkedPlayers: z.number(),
      epoch: z.number().nullable(),
      lastError: z.string().nullable(),
    }),
  ),
});

/** Samples about once a second until `over`; each sample is told when it is there. */
export async function sampleUntil(
  stack: Stack,
  over: AbortSignal,
  tell: (sample: Sample) => void,
): Promise<void> {
  const startedAt = Date.now();
  const isolate = await findIsolate(workerdPids(stack));
  while (!over.aborted) {
    const atMs = Date.now() - startedAt;
    const workerdBytes = workerdPids(stack).reduce((sum, pid) => sum + residentBytes(pid), 0);
    const [isolateBytes, shards] = await Promise.all([
      isolate?.usedBytes() ?? null,
      shardsOf(stack),
    ]);
    tell({ atMs, workerdBytes, isolateBytes, shards });
    await sleep(Math.max(0, startedAt + atMs + SAMPLE_INTERVAL_MS - Date.now()));
  }
}

/** What the shards hold that Postgres lacks; null when not all of them say so. */
async function shardsOf(stack: Stack): Promise<Sample["shards"]> {
  const credential = stack.serverKey;
  const answer = await ask(stack.url, { method: "GET", path: "/v1/admin/shards", credential });
  const { data } = SHARDS.safeParse(answer?.body);
  if (data === undefined) return null;
  const sum = { journalDepth: 0, dirtyPlayers: 0, parkedPlayers: 0 };
  for (const shard of data.shards) {
    // A shard that did not answer is told as one without an epoch, and with the reason.
    if (shard.epoch === null && shard.lastError !== null) return null;
    sum.journalDepth += shard.journalDepth;
    sum.dirtyPlayers += shard.dirtyPlayers;
    sum.parkedPlayers += shard.parkedPlayers;
  }
  return sum;
}

function workerdPids({ wranglerPid }: Stack): number[] {
  return descendantsOf(wranglerPid)
    .filter(({ command }) => command.includes("workerd serve"))
    .map(({ pid }) => pid);
}

/** 0 for a process that is gone. */
function residentBytes(pid: number): number {
  try {
    if (process.platform === "linux") {
      const status = readFileSync(`/proc/${pid}/status`, "utf8");
      return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1_024;
    }
    return (
      Number(execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" })) * 1_024
    );
  } catch {
    return 0;
  }
}

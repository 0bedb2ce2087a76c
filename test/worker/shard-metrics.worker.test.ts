import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";

import type { RequestTrace } from "../../src/core/ports.ts";
import { RequestTally } from "../../src/core/request-tally.ts";
import { sha256Hex } from "../../src/sha256.ts";
import { createPlayers } from "../../src/shard/client.ts";
import { shardOf } from "../../src/shard/routing.ts";
import { ShardCaller } from "../../src/shard/shard-caller.ts";
import { systemClock } from "../../src/system-clock.ts";
import { aShard, CONTEXT, type ShardInWorkerd } from "./shard-in-workerd.ts";

const READ = { method: "GET", route: "/v1/progress", status: 200, milliseconds: 3 };

/** A Worker's side with its own counts, under a clock that the test moves. */
function aWorker(isolate: string = crypto.randomUUID()) {
  const tally = new RequestTally(isolate);
  let nowMs = 0;
  const caller = new ShardCaller({ shards: env.SHARDS, tally, clock: { now: () => nowMs } });
  return {
    tally,
    /** A call like any other; `isLost`: its answer does not arrive. */
    call: async (shard: ShardInWorkerd, { isLost = false } = {}) => {
      nowMs += 60_000;
      return caller.call(shard.name, CONTEXT, async (stub, origin) => {
        const value = await stub.status(origin);
        if (isLost) throw new Error("The answer was lost.");
        return { ok: true, value };
      });
    },
    metricsOf: async (shard: ShardInWorkerd) => {
      const outcome = await caller.callWithAllCounts(shard.name, CONTEXT, async (stub, origin) => ({
        ok: true,
        value: await stub.metrics(origin),
      }));
      if (!outcome.ok) throw new Error(outcome.failure.detail);
      return outcome.value.requests.requests["GET /v1/progress 200"] ?? 0;
    },
  };
}

describe("what a Worker counted", () => {
  test("goes with its next call of a shard, and is that shard's from then on", async () => {
    const [shard, other] = [await aShard(), await aShard()];
    const worker = aWorker();
    worker.tally.note(READ);
    worker.tally.note(READ);
    await worker.call(shard);
    await worker.call(other);
    expect((await shard.metrics()).requests.requests).toEqual({ "GET /v1/progress 200": 2 });
    expect((await other.metrics()).requests.requests).toEqual({});
  });

  test("counts once when the answer of the call that brought it is lost", async () => {
    const shard = await aShard();
    const worker = aWorker();
    worker.tally.note(READ);
    await worker.call(shard, { isLost: true });
    worker.tally.note(READ);
    await worker.call(shard);
    await worker.call(shard);
    expect(await worker.metricsOf(shard)).toBe(2);
  });

  test("is seen by whoever asks through the same Worker, also right after the request", async () => {
    const shard = await aShard();
    const worker = aWorker();
    for (let request = 1; request <= 3; request++) {
      worker.tally.note(READ);
      expect(await worker.metricsOf(shard)).toBe(request);
    }
  });
});

test("a request learns which shard was asked, for its log line", async () => {
  const { namespace, pointer } = await aShard();
  const layout = CONTEXT.layout;
  const players = createPlayers({
    shards: env.SHARDS,
    layout,
    digest: sha256Hex,
    tally: new RequestTally("isolate"),
    clock: systemClock,
  });
  const trace: RequestTrace = { requestId: "request", shard: null };
  const player = { namespace, userId: "ada" };
  await players.view(player, pointer, trace);
  expect(trace.shard).toBe(shardOf(player, layout));
});

test("an evicted shard counts from 0, and still knows when it flushed last", async () => {
  const shard = await aShard();
  await shard.sendOne("e1", "ada");
  await shard.untilStored();
  const before = await shard.metrics();
  expect(before.counts).toMatchObject({ flushes: 1, flushedRows: 1, events: { accepted: 1 } });
  await shard.evict();
  const after = await shard.metrics();
  expect(after.counts).toMatchObject({ flushes: 0, events: { accepted: 0 } });
  expect(after.now.lastFlushAt).toBe(before.now.lastFlushAt);
  expect(after.startedAt).toBeGreaterThan(before.startedAt);
});

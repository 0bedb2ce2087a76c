import { expect, test } from "vitest";
import * as z from "zod";

import { sharedApi } from "./api.ts";
import { expectBody } from "./expect-answer.ts";
import { shards } from "./shapes.ts";

const api = sharedApi();

test("GET /healthz and GET /readyz say that all is well", async () => {
  const healthy = z.looseObject({ status: z.string() });
  expectBody(await api.call("/healthz"), 200, healthy);
  expectBody(await api.call("/readyz"), 200, healthy);
});

test("GET /v1/limits publishes the limits in force", async () => {
  const answer = await api.call("/v1/limits");
  expect(expectBody(answer, 200, z.unknown())).toEqual({
    events: {
      maxPerRequest: 500,
      maxBytes: 1_048_576,
      maxFutureSeconds: 300,
      maxAgeSeconds: 604_800,
    },
    dedup: { maxIds: 1_000_000, seconds: 900 },
    rateLimits: {
      player: { requests: 100, seconds: 10 },
      server: { requests: 50_000, seconds: 10 },
      public: { requests: 300, seconds: 10 },
    },
    perPlayer: {
      commands: { requests: 250, seconds: 10 },
      callsInFlight: 128,
      operationsNotStored: 10_000,
    },
    flushIntervalMs: 1_000,
    catalog: { maxGoals: 5_000, maxBytes: 8_388_608 },
  });
});

test("GET /v1/admin/shards shows every shard, and no error once all is flushed", async () => {
  const player = await api.player();
  await player.does({ statCode: "kills", inc: 1 });
  const statuses = async () =>
    expectBody(await api.call("/v1/admin/shards", { as: api.key("local") }), 200, shards).shards;
  expect((await statuses()).map(({ shard }) => shard)).toEqual(
    Array.from({ length: 8 }, (_, index) => `g1-8-${index}`),
  );
  await expect
    .poll(async () => (await statuses()).filter((it) => it.dirtyPlayers > 0), { timeout: 10_000 })
    .toEqual([]);
  const after = await statuses();
  expect(after.filter(({ lastError }) => lastError !== null)).toEqual([]);
  const flushed = after.filter(({ lastFlushAt }) => lastFlushAt !== null);
  expect(flushed.length).toBeGreaterThan(0);
  for (const { epoch, parkedPlayers } of flushed) {
    expect([epoch !== null && epoch > 0, parkedPlayers]).toEqual([true, 0]);
  }
});

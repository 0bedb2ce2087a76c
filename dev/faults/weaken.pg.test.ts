import { afterAll, beforeAll, expect, inject, test } from "vitest";

import { connect } from "../../src/adapters/postgres/connect.ts";
import { createShardStore } from "../../src/adapters/postgres/shard-store.ts";
import type { ShardStore } from "../../src/core/shard-store.ts";
import { aRow } from "../../test/support/builders.ts";
import { anAttempt, aSnapshot } from "../../test/support/flush-builders.ts";
import { startNeonEndpoint, type NeonEndpoint } from "../neon-endpoint.ts";
import { freshDatabase, type FreshDatabase } from "../testing/fresh-database.ts";
import { queryDirectly } from "../testing/query-directly.ts";
import { setFaults } from "./control-client.ts";
import { type FaultPlan, parseFaultPlan } from "./fault-plan.ts";

/** Any statement of this file takes milliseconds. */
const TIMEOUT_MS = 5_000;

let fresh: FreshDatabase;
let endpoint: NeonEndpoint;
let store: ShardStore;

beforeAll(async () => {
  fresh = await freshDatabase();
  endpoint = await startNeonEndpoint({ serverUrl: inject("databaseServer").adminUrl });
  const databaseUrl = fresh.url;
  store = createShardStore(
    connect({ databaseUrl, httpEndpoint: endpoint.url, timeoutMs: TIMEOUT_MS }),
  );
});

afterAll(async () => {
  await endpoint.stop();
  await fresh.drop();
});

/** Flushes progress 5, then once more the flush of before, with progress 1; answers what the row says then. */
async function flushTwice(shard: string, weaken: FaultPlan["weaken"]) {
  await setFaults(endpoint.controlUrl, parseFaultPlan({ weaken }));
  await store.createFence(shard, "ada", 0);
  const flush = (progress: number) => {
    const rows = [aRow({ progress })];
    const players = [aSnapshot({ rows, applied: 9 })];
    return store.flush(anAttempt({ shard, upto: 6, high: 9, players }));
  };
  expect(await flush(5)).toBe(true);
  await flush(1);
  const query = "SELECT progress, applied::int FROM user_goal_progress WHERE shard = $1";
  const [row] = await queryDirectly(fresh.url, query, [shard]);
  const fence = await store.readFence(shard);
  return { ...row, fence: fence?.flush, upto: fence?.upto };
}

test("a flush as it is writes once, and says what it contains", async () => {
  expect(await flushTwice("whole", null)).toEqual({
    progress: 5,
    applied: 9,
    fence: 1,
    upto: 6,
  });
});

test("without its fence a flush writes again", async () => {
  expect(await flushTwice("fenceless", "no-fence")).toMatchObject({ progress: 1, fence: 1 });
});

test("without its mark a flush does not say what it contains", async () => {
  expect(await flushTwice("unmarked", "no-applied")).toMatchObject({ progress: 5, applied: 0 });
});

test("with its cut at the last position a flush says that everything is contained", async () => {
  expect(await flushTwice("overcut", "cut-at-last")).toMatchObject({ progress: 5, upto: 9 });
});

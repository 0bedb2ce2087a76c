import { afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";

import type { Around } from "../../../dev/neon-endpoint-around.ts";
import { type NeonEndpoint, startNeonEndpoint } from "../../../dev/neon-endpoint.ts";
import { freshDatabase, type FreshDatabase } from "../../../dev/testing/fresh-database.ts";
import { queryDirectly } from "../../../dev/testing/query-directly.ts";
import { anAttempt } from "../../../test/support/flush-builders.ts";
import { present } from "../../../test/support/player-builders.ts";
import { type ShardStore, StoreError } from "../../core/shard-store.ts";
import { connect } from "./connect.ts";
import { createShardStore } from "./shard-store.ts";

/** Of one statement, in this file: long enough for the machine, short enough to wait for. */
const TIMEOUT_MS = 500;
const passOn: Around = (_request, run) => run();

let fresh: FreshDatabase;
let endpoint: NeonEndpoint;
let store: ShardStore;
let around: Around = passOn;
let shard = "";
let shards = 0;

beforeAll(async () => {
  fresh = await freshDatabase();
  endpoint = await startNeonEndpoint({
    serverUrl: inject("databaseServer").adminUrl,
    around: (...call) => around(...call),
  });
  store = storeBehind(endpoint.url);
});

beforeEach(async () => {
  around = passOn;
  shard = `g1-1000-${++shards}`;
  await store.createFence(shard, "ada", 0);
});

afterAll(async () => {
  await endpoint.stop();
  await fresh.drop();
});

function storeBehind(httpEndpoint: string): ShardStore {
  const databaseUrl = fresh.url;
  return createShardStore(connect({ databaseUrl, httpEndpoint, timeoutMs: TIMEOUT_MS }));
}

/** What the flush of nobody fails with. */
async function failureOf(flush: Promise<boolean>): Promise<StoreError> {
  const error: unknown = await flush.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof StoreError) return error;
  throw new Error(`Expected a StoreError, got ${String(error)}.`);
}

async function flushNumber(): Promise<number> {
  return present(await store.readFence(shard), "fence").flush;
}

test("an SQL error is definite: nothing was committed", async () => {
  await queryDirectly(fresh.url, "ALTER TABLE reward_grant RENAME TO elsewhere");
  try {
    const error = await failureOf(store.flush(anAttempt({ shard })));
    expect(error.isDefinite).toBe(true);
    expect(error.message).toContain("reward_grant");
  } finally {
    await queryDirectly(fresh.url, "ALTER TABLE elsewhere RENAME TO reward_grant");
  }
  expect(await flushNumber()).toBe(0);
});

test("a statement that waits for a lock beyond its time is unknown, and may commit later", async () => {
  const lock = "BEGIN; SELECT 1 FROM shard_fence FOR UPDATE; SELECT pg_sleep(1.5); COMMIT";
  const locked = queryDirectly(fresh.url, lock);
  await expect.poll(() => isLocked(), { timeout: 5_000 }).toBe(true);
  const startedAt = Date.now();
  const error = await failureOf(store.flush(anAttempt({ shard })));
  expect(error.isDefinite).toBe(false);
  expect(Date.now() - startedAt).toBeLessThan(TIMEOUT_MS + 700);
  await locked;
  await expect.poll(() => flushNumber(), { timeout: 5_000 }).toBe(1);
});

async function isLocked(): Promise<boolean> {
  const query = "SELECT 1 FROM shard_fence WHERE shard = $1 FOR UPDATE SKIP LOCKED";
  return (await queryDirectly(fresh.url, query, [shard])).length === 0;
}

test("an answer lost after the commit is unknown", async () => {
  around = async (_request, run) => {
    await run();
    return "drop";
  };
  const error = await failureOf(store.flush(anAttempt({ shard })));
  expect(error.isDefinite).toBe(false);
  around = passOn;
  expect(await flushNumber()).toBe(1);
});

test("a connection lost before the statement is as unknown as one lost after it", async () => {
  around = () => Promise.resolve("drop");
  const error = await failureOf(store.flush(anAttempt({ shard })));
  expect(error.isDefinite).toBe(false);
  around = passOn;
  expect(await flushNumber()).toBe(0);
});

test.each([
  { status: 500, body: "bad gateway" },
  { status: 503, body: JSON.stringify({ message: "compute is starting" }) },
  { status: 507, body: JSON.stringify({ message: "response is too large" }) },
  { status: 400, body: JSON.stringify({ message: "no code at all" }) },
  { status: 400, body: JSON.stringify({ message: "cancelled", code: "08P01" }) },
  { status: 400, body: JSON.stringify({ message: "too short", code: "4242" }) },
  { status: 200, body: "<html>a captive portal</html>" },
])("an answer $status $body is unknown", async ({ status, body }) => {
  around = () => Promise.resolve({ status, headers: {}, body });
  const error = await failureOf(store.flush(anAttempt({ shard })));
  expect(error.isDefinite).toBe(false);
});

test("a refused connection is unknown", async () => {
  const gone = await startNeonEndpoint({ serverUrl: inject("databaseServer").adminUrl });
  await gone.stop();
  try {
    const error = await failureOf(storeBehind(gone.url).flush(anAttempt({ shard })));
    expect(error.isDefinite).toBe(false);
  } finally {
    // The driver keeps one address for all: hand it back.
    store = storeBehind(endpoint.url);
  }
});

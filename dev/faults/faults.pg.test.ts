import { request } from "node:http";

import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test } from "vitest";

import { connect, type Database, DatabaseError } from "../../src/adapters/postgres/connect.ts";
import { startNeonEndpoint, type NeonEndpoint } from "../neon-endpoint.ts";
import { freshDatabase, type FreshDatabase } from "../testing/fresh-database.ts";
import { queryDirectly } from "../testing/query-directly.ts";
import { readFaults, setFaults } from "./control-client.ts";
import { decide, type FaultKind, parseFaultPlan } from "./fault-plan.ts";

/** Of one statement: the caller gives up then. */
const TIMEOUT_MS = 400;
/** A late statement comes this long after that, or nearly: with this seed the first call draws a long wait. */
const LATER_MS = 600;
const SEED = 13;

let fresh: FreshDatabase;
let endpoint: NeonEndpoint;
let database: Database;
let id = 0;

beforeAll(async () => {
  fresh = await freshDatabase();
  endpoint = await startNeonEndpoint({ serverUrl: inject("databaseServer").adminUrl });
  database = connect({
    databaseUrl: fresh.url,
    httpEndpoint: endpoint.url,
    timeoutMs: TIMEOUT_MS,
  });
  await queryDirectly(fresh.url, "CREATE TABLE thing (id int)");
});

beforeEach(() => {
  id++;
});

afterEach(async () => {
  await setFaults(endpoint.controlUrl, null);
});

afterAll(async () => {
  await endpoint.stop();
  await fresh.drop();
});

async function set(plan: object): Promise<void> {
  await setFaults(endpoint.controlUrl, parseFaultPlan({ seed: SEED, laterMs: LATER_MS, ...plan }));
}

/** Inserts one thing through the driver; answers why it failed, or null. */
async function insert(): Promise<DatabaseError | null> {
  try {
    await database.query("INSERT INTO thing (id) VALUES ($1)", [id]);
    return null;
  } catch (error) {
    if (error instanceof DatabaseError) return error;
    throw error;
  }
}

/** How many there are of it now, told by Postgres itself. */
async function stored(): Promise<number> {
  return (await queryDirectly(fresh.url, "SELECT 1 FROM thing WHERE id = $1", [id])).length;
}

async function counted(what: FaultKind | "outage" | "delay"): Promise<number> {
  return (await readFaults(endpoint.controlUrl)).injected[what] ?? 0;
}

/** What the shards may conclude from the failure, whether it had committed by then, and in the end. */
const FAULTS: readonly {
  readonly fault: FaultKind;
  readonly isDefinite: boolean | null;
  readonly message: RegExp;
  readonly before: number;
  readonly after: number;
}[] = [
  { fault: "unavailable", isDefinite: false, message: /503/, before: 0, after: 0 },
  { fault: "reset", isDefinite: false, message: /fetch failed/, before: 0, after: 0 },
  { fault: "drop-answer", isDefinite: false, message: /fetch failed/, before: 1, after: 1 },
  { fault: "commit-then-400", isDefinite: false, message: /closed/, before: 1, after: 1 },
  { fault: "hang", isDefinite: false, message: /within 400 ms/, before: 0, after: 0 },
  { fault: "late", isDefinite: false, message: /within 400 ms/, before: 0, after: 1 },
  { fault: "replay", isDefinite: null, message: /^$/, before: 1, after: 2 },
  {
    fault: "sql-error",
    isDefinite: true,
    message: /too many|serialize|cancel/,
    before: 0,
    after: 0,
  },
];

test.each(FAULTS)("$fault is what it says", async ({ fault, ...expected }) => {
  const before = await counted(fault);
  await set({ chances: { [fault]: 1 } });
  const error = await insert();
  expect(error?.message ?? "").toMatch(expected.message);
  expect(error?.isDefinite ?? null).toBe(expected.isDefinite);
  expect(await stored()).toBe(expected.before);
  await expect.poll(() => stored(), { timeout: 5_000 }).toBe(expected.after);
  await expect
    .poll(async () => (await readFaults(endpoint.controlUrl)).waiting, { timeout: 5_000 })
    .toBe(0);
  expect(await stored()).toBe(expected.after);
  expect(await counted(fault)).toBe(before + 1);
});

test("latency and jitter delay what goes through", async () => {
  const before = await counted("delay");
  const delays = { latencyMs: 60, jitterMs: 60 };
  await set(delays);
  const startedAt = performance.now();
  expect(await insert()).toBeNull();
  const { delayMs } = decide(parseFaultPlan({ seed: SEED, ...delays }), 1);
  // A timer may fire a fraction of a millisecond early.
  expect(performance.now() - startedAt).toBeGreaterThan(delayMs - 1);
  expect([await stored(), await counted("delay")]).toEqual([1, before + 1]);
});

test("an outage lets nothing through until it is over", async () => {
  await set({ outageMs: 500 });
  expect((await insert())?.isDefinite).toBe(false);
  expect((await insert())?.isDefinite).toBe(false);
  expect(await stored()).toBe(0);
  await expect.poll(insert, { timeout: 5_000 }).toBeNull();
  expect(await stored()).toBe(1);
  expect(await counted("outage")).toBeGreaterThanOrEqual(2);
});

test("only the chosen call, of the chosen statements, is treated", async () => {
  await set({ only: ["other"], exactly: { call: 2, fault: "unavailable" } });
  await database.query("SELECT epoch FROM shard_fence", []);
  expect(await insert()).toBeNull();
  expect((await insert())?.message).toContain("503");
  expect(await insert()).toBeNull();
  expect(await stored()).toBe(2);
});

test("an endpoint that stops runs what is late first", async () => {
  const other = await startNeonEndpoint({
    serverUrl: inject("databaseServer").adminUrl,
    faultPlan: parseFaultPlan({ chances: { late: 1 }, laterMs: 60_000, seed: SEED }),
  });
  await fetch(other.url, {
    method: "POST",
    headers: { "Neon-Connection-String": fresh.url },
    body: JSON.stringify({ query: "INSERT INTO thing (id) VALUES ($1)", params: [String(id)] }),
    signal: AbortSignal.timeout(50),
  }).catch(() => null);
  expect(await stored()).toBe(0);
  await other.stop();
  expect(await stored()).toBe(1);
});

test("the control address takes sound plans from this machine only", async () => {
  const put = (body: string, host?: string) =>
    controlStatus({ method: "PUT", body, ...(host === undefined ? {} : { host }) });
  expect(await put("{}")).toBe(200);
  expect(await put('{"chances":{"flood":1}}')).toBe(400);
  expect(await put("{")).toBe(400);
  expect(await put("{}", "gauntlet.example")).toBe(403);
  expect(await controlStatus({ method: "POST" })).toBe(405);
  expect((await readFaults(endpoint.controlUrl)).plan).toEqual(parseFaultPlan({}));
});

/** Not by `fetch`, which chooses the Host header itself. */
async function controlStatus(wish: {
  readonly method: string;
  readonly body?: string;
  readonly host?: string;
}): Promise<number | undefined> {
  const headers = wish.host === undefined ? {} : { Host: wish.host };
  const outgoing = request(endpoint.controlUrl, { method: wish.method, headers });
  outgoing.end(wish.body);
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
  outgoing.on("error", reject).on("response", (incoming) => {
    incoming.resume();
    resolve(incoming.statusCode);
  });
  return promise;
}

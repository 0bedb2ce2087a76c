import { neonConfig } from "@neondatabase/serverless";
import { afterAll, beforeAll, describe, expect, inject, test, vi } from "vitest";

import { readFaults, setFaults } from "../dev/faults/control-client.ts";
import {
  FAULT_KINDS,
  type FaultKind,
  type FaultPlan,
  parseFaultPlan,
} from "../dev/faults/fault-plan.ts";
import { startNeonEndpoint, type NeonEndpoint } from "../dev/neon-endpoint.ts";
import { freshDatabase, type FreshDatabase } from "../dev/testing/fresh-database.ts";
import { queryDirectly } from "../dev/testing/query-directly.ts";
import { connect } from "../src/adapters/postgres/connect.ts";
import { createShardStore } from "../src/adapters/postgres/shard-store.ts";
import { ShardOverPostgres } from "./support/shard-over-postgres.ts";

/** Of one statement; a healthy one takes milliseconds, also on a busy machine. */
const TIMEOUT_MS = 250;
/** Some late statements and replays come while the shard goes on, some after its last one. */
const LATER_MS = 300;
/** A fault makes more calls necessary than there are without one; the last of these meet nothing any more. */
const CALLS_BEYOND = 2;

let fresh: FreshDatabase;
/** One per kind of fault, so that all kinds are swept side by side. */
const endpoints = new Map<string, NeonEndpoint>();
let runs = 0;

beforeAll(async () => {
  fresh = await freshDatabase();
  const { adminUrl: serverUrl } = inject("databaseServer");
  for (const kind of FAULT_KINDS) endpoints.set(kind, await startNeonEndpoint({ serverUrl }));
  // The driver knows one address for all, or a function of the host: here each kind is a host.
  neonConfig.fetchEndpoint = (host) => endpointOf(host.replace(".test", "")).url;
});

afterAll(async () => {
  await Promise.all([...endpoints.values()].map((endpoint) => endpoint.stop()));
  await fresh.drop();
});

function endpointOf(kind: string): NeonEndpoint {
  const endpoint = endpoints.get(kind);
  if (endpoint === undefined) throw new Error(`There is no endpoint for ${kind}.`);
  return endpoint;
}

function storeBehind(kind: FaultKind) {
  const url = new URL(fresh.url);
  url.host = `${kind}.test`;
  return createShardStore(
    connect({ databaseUrl: url.href, httpEndpoint: null, timeoutMs: TIMEOUT_MS }),
  );
}

/**
 * Two players, a claim, repetitions, three instances, and a view by a new one.
 *
 * One player per flush, and operations that interleave: an instance that ends between two flushes leaves rows that contain
 * more than the fence says.
 */
async function play(shard: ShardOverPostgres): Promise<void> {
  for (const id of ["a1", "a2", "a3"]) await shard.event("ada", id);
  await shard.event("bob", "b1");
  await shard.command("ada", { kind: "claim", challengeId: "first-steps", goalId: "kills" });
  await shard.event("ada", "a4");
  await shard.alarm();
  shard.restart();
  await shard.event("bob", "b2");
  await shard.event("ada", "a4");
  await shard.alarm();
  await shard.event("bob", "b2");
  await shard.event("bob", "b3");
  shard.restart();
  await shard.view("ada");
  await shard.event("ada", "a5");
  await shard.rest();
}

/** Lets one call after the other fail; answers how many there are. Throws with the call that did harm. */
async function sweep(fault: FaultKind, weaken: FaultPlan["weaken"]): Promise<number> {
  const calls = await playWithFault(fault, null, null);
  for (let call = 1; call <= calls + CALLS_BEYOND; call++) {
    await playWithFault(fault, call, weaken).catch((error: unknown) => {
      throw new Error(`Call ${call} of about ${calls}, ${fault}:`, { cause: error });
    });
  }
  return calls;
}

/** Plays with that one call failing, and compares Postgres at rest with what became durable; answers how many calls there were. */
async function playWithFault(
  fault: FaultKind,
  call: number | null,
  weaken: FaultPlan["weaken"],
): Promise<number> {
  const { controlUrl } = endpointOf(fault);
  const exactly = call === null ? null : { call, fault };
  const before = await readFaults(controlUrl);
  const plan = { seed: call ?? 0, exactly, laterMs: LATER_MS, weaken };
  await setFaults(controlUrl, parseFaultPlan(plan));
  const run = ++runs;
  const namespace = `run-${run}`;
  const shard = new ShardOverPostgres(`g1-10000-${run}`, namespace, storeBehind(fault));
  await play(shard);
  // Not expect.poll: side by side, it does not know whose it is.
  await vi.waitFor(async () => expect((await readFaults(controlUrl)).waiting).toBe(0));
  await expectAsDurable(shard, namespace);
  const after = await readFaults(controlUrl);
  const injected = (after.injected[fault] ?? 0) - (before.injected[fault] ?? 0);
  const calls = sumOf(after.calls) - sumOf(before.calls);
  expect(injected).toBe(call !== null && call <= calls ? 1 : 0);
  return calls;
}

async function expectAsDurable(shard: ShardOverPostgres, namespace: string): Promise<void> {
  shard.check();
  const rows = await queryDirectly(
    fresh.url,
    `SELECT user_id, goal_id, progress, event_count::int, status FROM user_goal_progress
     WHERE namespace = $1 ORDER BY user_id`,
    [namespace],
  );
  const due = ["ada", "bob"].flatMap((userId) =>
    shard.due(userId).map(({ goalId, progress, eventCount, status }) => {
      return { user_id: userId, goal_id: goalId, progress, event_count: eventCount, status };
    }),
  );
  expect(rows).toEqual(due);
  expect(due.map((row) => [row.user_id, row.event_count, row.status])).toEqual([
    ["ada", 5, "claimed"],
    ["bob", 3, "completed"],
  ]);
  const grants = await queryDirectly(
    fresh.url,
    "SELECT user_id, state FROM reward_grant WHERE namespace = $1",
    [namespace],
  );
  expect(grants).toEqual([{ user_id: "ada", state: "granted" }]);
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

describe("whichever database call of a shard fails, at rest Postgres holds what was acknowledged, once", () => {
  test.concurrent.each(FAULT_KINDS)("by %s", { timeout: 60_000 }, async (fault) => {
    expect(await sweep(fault, null)).toBeGreaterThan(10);
  });
});

/** A sweep that found nothing without a guard would have shown nothing. */
test.each([
  { weaken: "no-fence", fault: "late" },
  { weaken: "no-applied", fault: "drop-answer" },
  { weaken: "cut-at-last", fault: "reset" },
] as const)(
  "$fault does harm when flushes go with $weaken",
  { timeout: 60_000 },
  async (control) => {
    await expect(sweep(control.fault, control.weaken)).rejects.toThrow(/^Call \d+ of about/);
  },
);

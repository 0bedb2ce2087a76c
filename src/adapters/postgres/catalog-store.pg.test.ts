import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { freshDatabase, type FreshDatabase } from "../../../dev/testing/fresh-database.ts";
import { aCatalog, aGoal } from "../../../test/support/builders.ts";
import type { CatalogStore } from "../../core/catalog-store.ts";
import { createCatalogStore } from "./catalog-store.ts";
import { connect, type Database } from "./connect.ts";

const A = "a".repeat(64);
const B = "b".repeat(64);
const docA = aCatalog(aGoal({ goalId: "ä 'quoted'" })).document;
const docB = aCatalog(aGoal({ goalId: "b" })).document;

let fresh: FreshDatabase;
let database: Database;
let store: CatalogStore;
let namespaces = 0;

beforeAll(async () => {
  fresh = await freshDatabase();
  const { url: databaseUrl, endpointUrl: httpEndpoint } = fresh;
  database = connect({ databaseUrl, httpEndpoint, timeoutMs: 5_000 });
  store = createCatalogStore(database);
});

afterAll(async () => {
  await fresh.drop();
});

/** Every test has a namespace of its own. */
function aNamespace(): string {
  return `game-${++namespaces}`;
}

test("a namespace without a catalog has nothing", async () => {
  const namespace = aNamespace();
  expect(await store.pointer(namespace)).toBeNull();
  expect(await store.document(namespace, A)).toBeNull();
  expect(await store.versions(namespace)).toEqual([]);
});

test("a published catalog is active, and comes back as it was", async () => {
  const namespace = aNamespace();
  const before = Date.now() - 60_000;
  const published = await store.publish(namespace, docA, A, null);
  expect(published).toMatchObject({ ok: true, value: { version: A, seq: 1 } });
  const pointer = await store.pointer(namespace);
  expect(pointer).toMatchObject({ version: A, seq: 1 });
  expect(pointer?.activatedAt).toBeGreaterThan(before);
  expect(await store.document(namespace, A)).toEqual(docA);
  expect(await store.pointer("somewhere-else")).toBeNull();
});

test("activation numbers grow with every move, and an old version can come back", async () => {
  const namespace = aNamespace();
  await store.publish(namespace, docA, A, null);
  await store.publish(namespace, docB, B, A);
  expect(await store.pointer(namespace)).toMatchObject({ version: B, seq: 2 });
  expect(await store.activate(namespace, A, undefined)).toMatchObject({ ok: true });
  expect(await store.pointer(namespace)).toMatchObject({ version: A, seq: 3 });
  expect(await store.publish(namespace, docB, B, A)).toMatchObject({ value: { seq: 4 } });
  const versions = await store.versions(namespace);
  expect(versions.map(({ version }) => version).toSorted()).toEqual([A, B]);
  expect(versions.every(({ storedAt, activatedAt }) => (activatedAt ?? 0) >= storedAt)).toBe(true);
});

test("what is active already stays as it is", async () => {
  const namespace = aNamespace();
  await store.publish(namespace, docA, A, null);
  const pointer = await store.pointer(namespace);
  expect(await store.publish(namespace, docA, A, A)).toEqual({ ok: true, value: pointer });
  expect(await store.activate(namespace, A, undefined)).toEqual({ ok: true, value: pointer });
});

describe("another version than the expected one", () => {
  test("stops a publish and stores nothing", async () => {
    const namespace = aNamespace();
    await store.publish(namespace, docA, A, null);
    for (const expected of [null, B]) {
      const outcome = await store.publish(namespace, docB, B, expected);
      expect(outcome).toMatchObject({ ok: false, failure: { code: "CATALOG_CHANGED" } });
    }
    expect(await store.document(namespace, B)).toBeNull();
    const other = aNamespace();
    expect(await store.publish(other, docA, A, B)).toMatchObject({ ok: false });
    expect(await store.pointer(other)).toBeNull();
  });

  test("stops an activation; a version that is not stored is NOT_FOUND", async () => {
    const namespace = aNamespace();
    await store.publish(namespace, docA, A, null);
    await store.publish(namespace, docB, B, A);
    expect(await store.activate(namespace, A, A)).toMatchObject({
      failure: { code: "CATALOG_CHANGED" },
    });
    expect(await store.activate(namespace, "c".repeat(64), undefined)).toMatchObject({
      failure: { code: "NOT_FOUND" },
    });
    expect(await store.pointer(namespace)).toMatchObject({ version: B });
  });
});

test("of many publishers who expect the same version, one wins", async () => {
  const namespace = aNamespace();
  await store.publish(namespace, docA, A, null);
  const versions = Array.from({ length: 8 }, (_, index) => String(index).repeat(64));
  const outcomes = await Promise.all(
    versions.map((version) => store.publish(namespace, docB, version, A)),
  );
  expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
  expect(outcomes.filter(({ ok }) => !ok)).toEqual(
    Array.from({ length: 7 }, () =>
      expect.objectContaining({ failure: expect.objectContaining({ code: "CATALOG_CHANGED" }) }),
    ),
  );
  expect(await store.pointer(namespace)).toMatchObject({ seq: 2 });
});

test("publishers who expect nothing all get through, each with a number of its own", async () => {
  const namespace = aNamespace();
  const versions = ["1", "2", "3", "4"].map((digit) => digit.repeat(64));
  const outcomes = await Promise.all(
    versions.map((version) => store.publish(namespace, docA, version, undefined)),
  );
  const numbers = outcomes.map((outcome) => (outcome.ok ? outcome.value.seq : 0));
  expect(numbers.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4]);
});

test("usage counts players in progress, and completions that nobody claimed", async () => {
  const namespace = aNamespace();
  const rows: [string, string, string, string | null][] = [
    ["anna", "a", "in_progress", null],
    ["bert", "a", "completed", null],
    ["carl", "a", "not_started", "2999-01-01T00:00:00Z"],
    ["dora", "a", "not_started", "2000-01-01T00:00:00Z"],
    ["anna", "b", "claimed", null],
    ["anna", "c", "in_progress", null],
  ];
  for (const [userId, goalId, status, lateUntil] of rows) {
    await database.query(
      `INSERT INTO user_goal_progress (namespace, user_id, goal_id, challenge_id, status, is_active, progress, event_count,
         round, late_until, shard, applied, updated_at)
       VALUES ($1, $2, $3, 'c', $4, true, 0, 0, 0, $5::timestamptz, 's', 1, now())`,
      [namespace, userId, goalId, status, lateUntil],
    );
  }
  expect(await store.usage(namespace, ["a", "b"])).toEqual([
    { goalId: "a", inProgress: 1, unclaimed: 2 },
  ]);
});

test("a database that does not answer is DATABASE_UNAVAILABLE", async () => {
  const nowhere = createCatalogStore({
    query: async () => {
      throw new Error("connection reset");
    },
  });
  const unavailable = { failure: { code: "DATABASE_UNAVAILABLE" } };
  await expect(nowhere.pointer("game")).rejects.toMatchObject(unavailable);
  await expect(nowhere.publish("game", docA, A, null)).rejects.toMatchObject(unavailable);
});

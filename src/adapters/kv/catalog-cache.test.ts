import { beforeEach, describe, expect, test } from "vitest";

import { aCatalog, aGoal } from "../../../test/support/builders.ts";
import { FakeCatalogStore } from "../../../test/support/fake-catalog-store.ts";
import { FakeKv } from "../../../test/support/fake-kv.ts";
import { CatalogCache } from "./catalog-cache.ts";
import { pointerKey } from "./pointer-entry.ts";

const LOOK_MS = 3_001;
const A = "a".repeat(64);
const B = "b".repeat(64);
const docA = aCatalog(aGoal({ goalId: "a" })).document;
const docB = aCatalog(aGoal({ goalId: "b" })).document;

let kv: FakeKv;
let store: FakeCatalogStore;
let now: number;
let here: CatalogCache;
let elsewhere: CatalogCache;

beforeEach(() => {
  kv = new FakeKv();
  store = new FakeCatalogStore();
  now = 0;
  const clock = { now: () => now };
  here = new CatalogCache(kv, store, clock);
  elsewhere = new CatalogCache(kv, store, clock);
});

async function activeGoals(catalogs: CatalogCache): Promise<string[]> {
  return [...(await catalogs.active("default")).catalog.goals.keys()];
}

describe("a publish", () => {
  test("is seen at once where it happened, elsewhere within seconds of KV", async () => {
    await here.publish("default", docA, A, null);
    expect(await activeGoals(elsewhere)).toEqual(["a"]);
    await here.publish("default", docB, B, A);
    expect(await activeGoals(here)).toEqual(["b"]);
    expect(await activeGoals(elsewhere)).toEqual(["a"]);
    now += LOOK_MS;
    expect(await activeGoals(elsewhere)).toEqual(["b"]);
  });

  test("that the store refuses changes nothing", async () => {
    await here.publish("default", docA, A, null);
    const outcome = await here.publish("default", docB, B, null);
    expect(outcome).toMatchObject({ ok: false, failure: { code: "CATALOG_CHANGED" } });
    expect(await activeGoals(here)).toEqual(["a"]);
    expect(kv.values.get(pointerKey("default"))).toContain(A);
  });

  test("counts although KV is down; the cron repairs KV", async () => {
    kv.isDown = true;
    expect(await here.publish("default", docA, A, null)).toMatchObject({ ok: true });
    expect(await activeGoals(here)).toEqual(["a"]);
    kv.isDown = false;
    expect(kv.values.has(pointerKey("default"))).toBe(false);
    await elsewhere.repair("default");
    expect(kv.values.get(pointerKey("default"))).toContain(A);
  });

  test("is never undone by a KV that still shows the one before", async () => {
    await here.publish("default", docA, A, null);
    const old = kv.values.get(pointerKey("default")) ?? "";
    await here.publish("default", docB, B, A);
    kv.values.set(pointerKey("default"), old);
    now += LOOK_MS;
    expect(await activeGoals(here)).toEqual(["b"]);
  });

  test("rolled back is a new activation of the old version", async () => {
    await here.publish("default", docA, A, null);
    await here.publish("default", docB, B, A);
    await here.activate("default", A, undefined);
    now += LOOK_MS;
    expect(await activeGoals(elsewhere)).toEqual(["a"]);
    expect((await here.active("default")).seq).toBe(3);
  });
});

describe("the active catalog", () => {
  test("comes from memory: KV is looked at once in a while, the store not at all", async () => {
    await here.publish("default", docA, A, null);
    await activeGoals(elsewhere);
    const { reads } = kv;
    const { calls } = store;
    for (let request = 0; request < 100; request++) await activeGoals(elsewhere);
    expect([kv.reads, store.calls]).toEqual([reads, calls]);
    now += LOOK_MS;
    const catalogs = await Promise.all([elsewhere.active("default"), elsewhere.active("default")]);
    expect(kv.reads).toBe(reads + 1);
    expect(catalogs[0].catalog).toBe(catalogs[1].catalog);
  });

  test("comes from the store when KV is empty, hangs or holds rubbish, and an empty KV learns it", async () => {
    await store.publish("default", docA, A, null);
    expect(await activeGoals(here)).toEqual(["a"]);
    expect(kv.values.size).toBe(2);
    kv.values.set(pointerKey("default"), "{");
    expect(await activeGoals(elsewhere)).toEqual(["a"]);
  });

  test("survives an outage of both once it is known", async () => {
    await here.publish("default", docA, A, null);
    kv.isDown = true;
    store.isAway = true;
    now += 3_600_000;
    expect(await activeGoals(here)).toEqual(["a"]);
    await expect(elsewhere.active("default")).rejects.toMatchObject({
      failure: { code: "DATABASE_UNAVAILABLE" },
    });
  });

  test("stays in force when the next version cannot be loaded", async () => {
    await here.publish("default", docA, A, null);
    await activeGoals(elsewhere);
    await here.publish("default", docB, B, A);
    kv.values.delete(JSON.stringify(["catalog", "default", B]));
    store.isAway = true;
    now += LOOK_MS;
    expect(await activeGoals(elsewhere)).toEqual(["a"]);
    store.isAway = false;
    expect(await activeGoals(elsewhere)).toEqual(["b"]);
  });

  test("of a namespace without one is NO_CATALOG, asked for once in a while", async () => {
    await expect(here.active("none")).rejects.toMatchObject({ failure: { code: "NO_CATALOG" } });
    await expect(here.active("none")).rejects.toMatchObject({ failure: { code: "NO_CATALOG" } });
    expect(store.calls).toBe(1);
    await store.publish("none", docA, A, null);
    now += LOOK_MS;
    expect((await here.active("none")).catalog.version).toBe(A);
  });

  test("in the store's words is never a cached pointer", async () => {
    await here.publish("default", docA, A, null);
    await store.publish("default", docB, B, A);
    expect(await here.current("default")).toMatchObject({
      catalog: { version: B },
      seq: 2,
      activatedAt: 2_000,
    });
    expect(await here.current("none")).toBeNull();
  });
});

test("a KV that hangs is given up after a second", async () => {
  await store.publish("default", docA, A, null);
  kv.isHanging = true;
  const started = Date.now();
  expect(await activeGoals(here)).toEqual(["a"]);
  expect(Date.now() - started).toBeLessThan(3_000);
});

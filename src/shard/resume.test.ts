import { assert, asyncProperty, integer, record, array, constantFrom } from "fast-check";
import { describe, expect, test } from "vitest";

import { KILLS } from "../../test/support/simulated-parts.ts";
import { SimulatedShard } from "../../test/support/simulated-shard.ts";

const USERS = ["ada", "bob", "cyd"] as const;

/** A shard whose Postgres can be set back. Kills are counted, each by an event of its own. */
class SetBackShard extends SimulatedShard {
  constructor(flushRowsMax = 2_000) {
    super(KILLS, { settings: { limits: { flushRowsMax } } });
  }

  async kill(userId: string, ...events: readonly string[]): Promise<string[]> {
    const wishes = events.map((eventId) => ({ eventId, userId }));
    const outcome = await this.time.until(this.events(wishes));
    return outcome.ok ? outcome.value.map(({ status }) => status) : [outcome.failure.code];
  }

  async flush(): Promise<void> {
    await this.time.until(this.alarm());
  }

  resume(isDryRun = false, id = "operator-1") {
    return this.time.until(this.engine.resume(id, isDryRun));
  }

  /** As the platform does when an instance has ended itself. */
  async restart(): Promise<void> {
    await this.time.pass(1_000);
    if (this.aborted === null) throw new Error("The instance has not ended itself.");
    this.start();
  }

  async kills(userId: string): Promise<number | undefined> {
    await this.flush();
    return this.store.rowsOf(this.player(userId)).get("kills")?.row.eventCount;
  }
}

/** Ada's first two kills are in Postgres, then she kills twice more, is flushed, and Postgres is set back. */
async function setBack(): Promise<SetBackShard> {
  const shard = new SetBackShard();
  await shard.kill("ada", "e1", "e2");
  await shard.flush();
  const restore = shard.store.snapshot();
  await shard.time.pass(90_000);
  await shard.kill("ada", "e3");
  await shard.flush();
  await shard.time.pass(90_000);
  await shard.kill("ada", "e4");
  await shard.flush();
  restore();
  return shard;
}

describe("a shard whose Postgres was set back in time", () => {
  test("stops, says what is lost and what to do, and goes on serving players in memory", async () => {
    const shard = await setBack();
    expect(await shard.kill("ada", "e5")).toEqual(["accepted"]);
    await shard.flush();
    const { lastError, journalDepth } = shard.engine.status();
    expect(lastError).toMatch(/set back in time: .* At most 2 operations are lost/);
    expect(lastError).toContain(`POST /v1/admin/shards/${shard.shard}/resume`);
    expect(journalDepth).toBe(1);
    expect(await shard.time.until(shard.view("ada"))).toMatchObject({ ok: true });
    expect(await shard.time.until(shard.view("bob"))).toMatchObject({
      failure: { code: "DATABASE_UNAVAILABLE", detail: expect.stringContaining("set back") },
    });
  });

  test("says at a dry run what a resume would lose, between which instants, and does nothing", async () => {
    const start = new SetBackShard().time.now();
    const shard = await setBack();
    const told = await shard.resume(true);
    expect(told).toMatchObject({
      ok: true,
      value: { shard: shard.shard, isResumed: false, lostAtMost: 2, resendableIds: 2 },
    });
    const { lostFrom = null, lostTo = null } = told.ok ? told.value : {};
    expect(lostFrom).toBeLessThan(start + 60_000);
    expect(lostTo).toBeGreaterThan(start + 180_000);
    await shard.time.pass(60_000);
    expect(shard.aborted).toBeNull();
    expect(shard.engine.status().lastError).toContain("set back");
  });

  test("goes on with what Postgres has and what its journal holds; what is lost can be sent again", async () => {
    const shard = await setBack();
    await shard.kill("ada", "e5");
    expect(await shard.resume()).toMatchObject({ value: { isResumed: true, lostAtMost: 2 } });
    expect(await shard.kill("ada", "e6")).toEqual(["SHARD_UNAVAILABLE"]);
    await shard.restart();
    expect(await shard.kill("ada", "e1", "e2", "e3", "e4", "e5", "e6")).toEqual([
      "duplicate",
      "duplicate",
      "accepted",
      "accepted",
      "duplicate",
      "accepted",
    ]);
    expect(await shard.kills("ada")).toBe(6);
    expect(shard.engine.status().lastError).toBeNull();
  });

  test("claims an epoch above all that were given, so that no late statement gets through", async () => {
    const shard = await setBack();
    const [last] = shard.store.attempts.slice(-1);
    await shard.resume();
    await shard.restart();
    await shard.kill("ada", "e9");
    await shard.flush();
    const before = shard.store.fences.get(shard.shard);
    expect(before?.epoch).toBeGreaterThan(last?.epoch ?? Infinity);
    for (const attempt of shard.store.attempts.slice(0, -1)) await shard.store.flush(attempt);
    expect(shard.store.fences.get(shard.shard)).toEqual(before);
    expect(await shard.kills("ada")).toBe(3);
  });

  test("makes its fence anew when that is missing, above every position in the rows", async () => {
    const shard = await setBack();
    shard.store.fences.clear();
    await shard.kill("ada", "e5");
    expect(await shard.resume()).toMatchObject({ value: { resendableIds: 2 } });
    await shard.restart();
    expect(await shard.kill("ada", "e1", "e3")).toEqual(["duplicate", "accepted"]);
    expect(await shard.kills("ada")).toBe(4);
  });

  test("stays resumed over a restart that comes before the fence is claimed", async () => {
    const shard = await setBack();
    await shard.resume();
    for (let restarts = 0; restarts < 3; restarts++) shard.start();
    expect(await shard.kill("ada", "e3")).toEqual(["accepted"]);
    expect(await shard.kills("ada")).toBe(3);
  });

  test("answers a repeat of the resume with the first report, and another one with CONFLICT", async () => {
    const shard = await setBack();
    const first = await shard.resume();
    await shard.restart();
    expect(await shard.resume()).toEqual(first);
    expect(await shard.resume(false, "operator-2")).toMatchObject({
      failure: { code: "CONFLICT" },
    });
    expect(shard.aborted).toBeNull();
  });

  test("is resumed once by two calls at the same time", async () => {
    const shard = await setBack();
    const both = await shard.time.until(
      Promise.all([shard.engine.resume("a", false), shard.engine.resume("b", false)]),
    );
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    await shard.restart();
    expect(await shard.kill("ada", "e3")).toEqual(["accepted"]);
  });

  test("is not resumed while Postgres does not answer", async () => {
    const shard = await setBack();
    shard.store.fate = () => "lost-request";
    expect(await shard.resume()).toMatchObject({ failure: { code: "DATABASE_UNAVAILABLE" } });
  });
});

test("a shard that is not set back is not resumed", async () => {
  const shard = new SetBackShard();
  await shard.kill("ada", "e1");
  await shard.flush();
  expect(await shard.resume()).toMatchObject({ failure: { code: "CONFLICT" } });
  expect(await shard.kill("ada", "e2")).toEqual(["accepted"]);
});

const anyStep = record({
  user: constantFrom(...USERS),
  kills: integer({ min: 1, max: 3 }),
  next: constantFrom("nothing", "flush", "flush", "restart", "kept", "set-back"),
});

test("whatever is flushed when, nothing counts twice, and what is sent again counts once", async () => {
  const totals = { lost: 0, resent: 0 };
  const steps = array(anyStep, { minLength: 5, maxLength: 25, size: "max" });
  const schedule = asyncProperty(steps, constantFrom(1, 2, 2_000), async (all, rowsMax) => {
    const shard = new SetBackShard(rowsMax);
    const sent = new Map<string, string[]>(USERS.map((user) => [user, []]));
    let restore = shard.store.snapshot();
    let uncertain = 0;
    for (const [index, { user, kills, next }] of all.entries()) {
      const ids = Array.from({ length: kills }, (_, nth) => `e${index}-${nth}`);
      await shard.kill(user, ...ids);
      sent.get(user)?.push(...ids);
      if (next === "flush") await shard.flush();
      if (next === "restart") shard.start({ limits: { flushRowsMax: rowsMax } });
      if (next === "kept") restore = shard.store.snapshot();
      if (next !== "set-back") continue;
      restore();
      const told = await shard.resume(false, `resume-${index}`);
      if (!told.ok) continue;
      totals.lost += told.value.lostAtMost;
      totals.resent += told.value.resendableIds;
      uncertain += told.value.lostAtMost - told.value.resendableIds;
      await shard.restart();
    }
    let missing = 0;
    for (const [user, ids] of sent) {
      if (ids.length === 0) continue;
      await shard.kill(user, ...ids);
      await shard.flush();
      const counted = (await shard.kills(user)) ?? 0;
      expect(counted).toBeLessThanOrEqual(ids.length);
      missing += ids.length - counted;
    }
    expect(missing).toBeLessThanOrEqual(uncertain);
  });
  await assert(schedule, { numRuns: 150 });
  expect(totals.lost).toBeGreaterThan(0);
  expect(totals.resent).toBeGreaterThan(0);
});

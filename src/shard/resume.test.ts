import { describe, expect, test } from "vitest";

import { SetBackShard } from "../../test/support/set-back-shard.ts";

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

  test("lets no statement of the old times change what a resume has looked at", async () => {
    const shard = new SetBackShard();
    await shard.kill("ada", "e1");
    await shard.flush();
    const restore = shard.store.snapshot();
    await shard.kill("ada", "e2");
    await shard.flushWith("late");
    await shard.flush();
    await shard.flush();
    restore();
    expect(await shard.resume()).toMatchObject({ value: { lostAtMost: 1, resendableIds: 1 } });
    shard.store.arriveLate();
    await shard.restart();
    expect(await shard.kill("ada", "e2")).toEqual(["accepted"]);
    expect(await shard.kills("ada")).toBe(2);
  });

  test("can be resumed again when its instance is cut off while it resumes", async () => {
    const shard = await setBack();
    let calls = 0;
    shard.store.gate = async (_kind, moment) => {
      if (moment === "answer" && ++calls === 3) shard.crash();
    };
    void shard.engine.resume("cut-off", false);
    await shard.time.pass(1_000);
    shard.store.gate = () => Promise.resolve();
    shard.start();
    expect(await shard.resume()).toMatchObject({ value: { lostAtMost: 2, resendableIds: 2 } });
    await shard.restart();
    expect(await shard.kill("ada", "e3")).toEqual(["accepted"]);
    expect(await shard.kills("ada")).toBe(3);
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

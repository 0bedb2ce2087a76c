import { describe, expect, test } from "vitest";

import { SetBackShard } from "../../test/support/set-back-shard.ts";

describe("a letter whose retry is lost with a Postgres that was set back", () => {
  /** Ada's first kill is in her rows, the next two are in a letter; so Postgres can be set back to. */
  async function lettered(): Promise<{ shard: SetBackShard; restore: () => void }> {
    const shard = new SetBackShard();
    await shard.kill("ada", "e1");
    await shard.flush();
    await shard.kill("ada", "e2", "e3");
    await shard.flushIntoLetters();
    expect(await shard.kills("ada")).toBe(1);
    // In memory also for a Postgres that was set back.
    await shard.time.until(shard.view("ada"));
    return { shard, restore: shard.store.snapshot() };
  }

  test("counts when it is retried again after the resume, and once", async () => {
    const { shard, restore } = await lettered();
    expect(await shard.retryLetters("ada")).toEqual(["taken", "taken"]);
    expect(await shard.kills("ada")).toBe(3);
    restore();
    const lost = { lostAtMost: 2, resendableIds: 0 };
    expect(await shard.resume(true)).toMatchObject({ value: lost });
    expect(await shard.resume()).toMatchObject({ value: lost });
    await shard.restart();
    expect(await shard.kills("ada")).toBe(1);
    expect(await shard.retryLetters("ada")).toEqual(["taken", "taken"]);
    expect(await shard.retryLetters("ada")).toEqual(["repeated", "repeated"]);
    expect(await shard.kills("ada")).toBe(3);
  });

  test("is lost also when the window of ids has forgotten the retry", async () => {
    const { shard, restore } = await lettered();
    expect(await shard.retryLetters("ada")).toEqual(["taken", "taken"]);
    await shard.flush();
    await shard.time.pass(86_400_000);
    await shard.kill("bob", "e4");
    await shard.flush();
    restore();
    expect(await shard.resume()).toMatchObject({ value: { lostAtMost: 3, resendableIds: 1 } });
    await shard.restart();
    expect(await shard.retryLetters("ada")).toEqual(["taken", "taken"]);
    expect(await shard.kills("ada")).toBe(3);
  });

  test("stays retried when the journal still holds the retry", async () => {
    const { shard, restore } = await lettered();
    await shard.kill("bob", "e4");
    await shard.flush();
    restore();
    expect(await shard.retryLetters("ada")).toEqual(["taken", "taken"]);
    expect(await shard.resume()).toMatchObject({ value: { lostAtMost: 1, resendableIds: 1 } });
    await shard.restart();
    expect(await shard.retryLetters("ada")).toEqual(["repeated", "repeated"]);
    expect(await shard.kills("ada")).toBe(3);
  });
});

test("a letter that is lost while the journal holds its retry counts once, though its events are sent again", async () => {
  const shard = new SetBackShard();
  const restore = shard.store.snapshot();
  await shard.kill("ada", "e1");
  await shard.flushIntoLetters();
  expect(await shard.retryLetters("ada")).toEqual(["taken"]);
  restore();
  expect(await shard.resume()).toMatchObject({ value: { isResumed: true, resendableIds: 0 } });
  await shard.restart();
  expect(await shard.kill("ada", "e1")).toEqual(["duplicate"]);
  expect(await shard.kills("ada")).toBe(1);
});

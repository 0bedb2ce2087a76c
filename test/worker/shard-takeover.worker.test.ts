import { describe, expect, test } from "vitest";

import { askPostgres } from "./real-postgres.ts";
import { aShard, PATIENCE_MS, type ShardInWorkerd } from "./shard-in-workerd.ts";

describe("another instance that takes the shard over", () => {
  /** As an instance does that this one knows nothing of. */
  function takeOver(shard: ShardInWorkerd): Promise<unknown> {
    return askPostgres(
      "UPDATE shard_fence SET epoch = epoch + 1, owner = 'a stranger' WHERE shard = $1",
      shard.name,
    );
  }

  test("stops this one before it writes; the next call starts anew, and nothing is lost or doubled", async () => {
    const shard = await aShard();
    await shard.sendOne("e1", "ada");
    await shard.untilStored();
    await shard.sendOne("e2", "ada");
    const { epoch: claimed } = await shard.status();
    await shard.holdAlarm();
    await takeOver(shard);
    await shard.forceAlarm();
    await shard.alarm().catch(() => undefined);
    expect(await shard.stored("ada")).toBe(1);
    const isReplaced = async () => (await shard.metrics().catch(() => null))?.counts.flushes === 0;
    await expect.poll(isReplaced, { timeout: PATIENCE_MS }).toBe(true);
    expect(await shard.sendOne("e3", "ada")).toBe("accepted");
    expect(await shard.counted("ada")).toBe(3);
    await shard.untilStored();
    expect(await shard.stored("ada")).toBe(3);
    expect(await shard.status()).toMatchObject({ epoch: Number(claimed) + 2, lastError: null });
  });

  test("is noticed by a load, before a stale row is shown", async () => {
    const shard = await aShard();
    await shard.sendOne("e1", "ada");
    await shard.untilStored();
    await takeOver(shard);
    const view = async () => {
      const answer = await shard.view("bob").catch(() => null);
      return answer?.ok === true;
    };
    await expect.poll(view, { timeout: PATIENCE_MS }).toBe(true);
    expect(Number((await shard.fence())?.epoch)).toBe(3);
  });
});

describe("a Postgres that was set back in time", () => {
  test.each([
    { mark: "epoch", set: "epoch = epoch - 1" },
    { mark: "flush", set: "flush = flush - 1" },
    { mark: "upto", set: "upto = upto - 1" },
  ])(
    "($mark) is not written to, neither by this instance nor by the next; the status says so, nothing is lost",
    async ({ set }) => {
      const shard = await aShard();
      await shard.sendOne("e1", "ada");
      await shard.untilStored();
      await askPostgres(`UPDATE shard_fence SET ${set} WHERE shard = $1`, shard.name);
      const setBack = await shard.fence();
      await shard.evict();
      expect(await shard.sendOne("e2", "ada")).toBe("accepted");
      await shard.alarm();
      await expect
        .poll(() => shard.status(), { timeout: PATIENCE_MS })
        .toMatchObject({ journalDepth: 1, lastError: expect.stringContaining("set back") });
      await shard.evict();
      await shard.sendOne("e3", "ada");
      await shard.alarm();
      await expect
        .poll(() => shard.status(), { timeout: PATIENCE_MS })
        .toMatchObject({ journalDepth: 2, lastError: expect.stringContaining("set back") });
      expect(await shard.fence()).toEqual(setBack);
      expect(await shard.stored("ada")).toBe(1);
    },
  );

  test("is noticed by the instance that is running, at its next flush", async () => {
    const shard = await aShard();
    await shard.sendOne("e1", "ada");
    await shard.untilStored();
    await askPostgres("UPDATE shard_fence SET flush = flush - 1 WHERE shard = $1", shard.name);
    await shard.sendOne("e2", "ada");
    await shard.alarm();
    await expect
      .poll(() => shard.status(), { timeout: PATIENCE_MS })
      .toMatchObject({ journalDepth: 1, lastError: expect.stringContaining("set back") });
    expect(await shard.counted("ada")).toBe(2);
    expect(await shard.stored("ada")).toBe(1);
  });

  test("to before the shard had a fence is noticed too", async () => {
    const shard = await aShard();
    await shard.sendOne("e1", "ada");
    await shard.untilStored();
    await askPostgres("DELETE FROM shard_fence WHERE shard = $1", shard.name);
    await shard.evict();
    await shard.sendOne("e2", "ada");
    await shard.alarm();
    await expect
      .poll(() => shard.status(), { timeout: PATIENCE_MS })
      .toMatchObject({ journalDepth: 1, lastError: expect.stringContaining("set back") });
    expect(await shard.fence()).toBeNull();
  });
});

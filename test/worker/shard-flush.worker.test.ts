import { describe, expect, test } from "vitest";

import { aWideCatalog } from "../support/kills-catalog.ts";
import { allowRowsOf, askPostgres, refuseRowsOf } from "./real-postgres.ts";
import { aShard, PATIENCE_MS } from "./shard-in-workerd.ts";

describe("a flush that Postgres refuses", () => {
  test("keeps the rows, says why, and comes again by itself", async () => {
    const shard = await aShard();
    await refuseRowsOf(shard.namespace, "ada");
    await shard.sendOne("e1", "ada");
    await expect
      .poll(() => shard.status(), { timeout: PATIENCE_MS })
      .toMatchObject({
        journalDepth: 1,
        dirtyPlayers: 1,
        lastError: expect.stringContaining("refused by the test"),
      });
    expect(await shard.sendOne("e2", "ada")).toBe("accepted");
    expect(await shard.counted("ada")).toBe(2);
    expect(await shard.stored("ada")).toBe(0);
    await allowRowsOf(shard.namespace, "ada");
    await expect.poll(() => shard.stored("ada"), { timeout: PATIENCE_MS }).toBe(2);
    await expect
      .poll(() => shard.status())
      .toMatchObject({ journalDepth: 0, dirtyPlayers: 0, lastError: null });
  });

  test("keeps them over an eviction too", async () => {
    const shard = await aShard();
    await refuseRowsOf(shard.namespace, "ada");
    await shard.sendOne("e1", "ada");
    await shard.alarm();
    await shard.evict();
    await shard.sendOne("e2", "ada");
    await shard.alarm();
    await shard.evict();
    await allowRowsOf(shard.namespace, "ada");
    await shard.untilStored();
    expect(await shard.stored("ada")).toBe(2);
  });
});

describe("a flush without an answer in time", () => {
  test("is settled by asking the fence: it commits late, and counts once", async () => {
    const shard = await aShard();
    await shard.sendOne("e1", "ada");
    await shard.untilStored();
    const before = await shard.fence();
    // Holds the row of the fence for longer than a statement's time limit.
    const lock = askPostgres(
      "WITH held AS (SELECT FROM shard_fence WHERE shard = $1 FOR UPDATE) SELECT pg_sleep(7) FROM held",
      shard.name,
    );
    await shard.sendOne("e2", "ada");
    await expect
      .poll(() => shard.status(), { timeout: PATIENCE_MS })
      .toMatchObject({
        dirtyPlayers: 1,
        lastError: expect.stringContaining("did not answer within"),
      });
    await shard.holdAlarm();
    expect(await shard.sendOne("e3", "ada")).toBe("accepted");
    await lock;
    // The statement that was given up, by itself.
    await expect.poll(() => shard.stored("ada"), { timeout: PATIENCE_MS }).toBe(2);
    await shard.forceAlarm();
    await shard.untilStored();
    expect(await shard.counted("ada")).toBe(3);
    expect(await shard.stored("ada")).toBe(3);
    expect(await shard.status()).toMatchObject({ lastError: null });
    expect((await shard.fence())?.epoch).toBe(before?.epoch);
  });
});

describe("a flush that carries a part of the dirty players", () => {
  const GOALS = 1_500;

  test("and a restart after it: each player's events count once, in every goal", async () => {
    const shard = await aShard(aWideCatalog(GOALS));
    await refuseRowsOf(shard.namespace, "bob");
    // Two players exceed the rows of one statement; ada's last event comes after bob's first.
    await shard.sendOne("e1", "ada");
    await shard.sendOne("e1", "bob");
    await shard.sendOne("e2", "ada");
    await expect.poll(() => shard.stored("ada"), { timeout: PATIENCE_MS }).toBe(2 * GOALS);
    await expect
      .poll(() => shard.status(), { timeout: PATIENCE_MS })
      .toMatchObject({
        dirtyPlayers: 1,
        lastError: expect.stringContaining("refused by the test"),
      });
    const fence = await shard.fence();
    expect(Number(fence?.upto)).toBeLessThan(Number(fence?.high) - 1);
    await shard.evict();
    expect(await shard.status()).toMatchObject({ parkedPlayers: 2 });
    expect(await shard.counted("ada", "goal-0")).toBe(2);
    await allowRowsOf(shard.namespace, "bob");
    await shard.untilStored();
    expect(await shard.stored("ada")).toBe(2 * GOALS);
    expect(await shard.stored("bob")).toBe(GOALS);
    expect(await shard.counted("ada", `goal-${GOALS - 1}`)).toBe(2);
  });

  test("takes as many statements as it needs within one alarm", async () => {
    const shard = await aShard(aWideCatalog(GOALS));
    const users = ["ada", "bob", "eve"];
    await shard.send(users.map((userId) => ({ id: "e1", userId })));
    const before = Number((await shard.fence())?.flush);
    await shard.untilStored();
    // One player fills the first; after one that left players out there is room for several.
    expect(Number((await shard.fence())?.flush)).toBe(before + 2);
    for (const userId of users) expect(await shard.stored(userId)).toBe(GOALS);
  });
});

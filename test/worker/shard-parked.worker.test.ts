import { describe, expect, test } from "vitest";

import { withoutTable } from "./real-postgres.ts";
import { aShard, PATIENCE_MS } from "./shard-in-workerd.ts";

describe("with Postgres away", () => {
  test("events of players who are not in memory are kept unapplied, and arrive when it is back", async () => {
    const shard = await aShard();
    await shard.sendOne("e1", "ada");
    await shard.untilStored();
    await withoutTable("user_goal_progress", async () => {
      expect(await shard.sendOne("e1", "bob")).toBe("accepted");
      expect(await shard.sendOne("e2", "bob")).toBe("accepted");
      expect(await shard.sendOne("e2", "bob")).toBe("duplicate");
      expect(await shard.status()).toMatchObject({ parkedPlayers: 1, journalDepth: 2 });
      expect(await shard.view("bob")).toMatchObject({
        ok: false,
        failure: { code: "DATABASE_UNAVAILABLE", retryAfterSeconds: 1 },
      });
      // Who is in memory is served.
      expect(await shard.sendOne("e2", "ada")).toBe("accepted");
      expect(await shard.counted("ada")).toBe(2);
      await shard.alarm();
      const { lastError } = await shard.status();
      expect(lastError).toContain("user_goal_progress");
    });
    await shard.untilStored();
    expect(await shard.counted("bob")).toBe(2);
    expect(await shard.stored("bob")).toBe(2);
    expect(await shard.stored("ada")).toBe(2);
  });

  test("they survive an eviction, and a row that Postgres held already is taken into account", async () => {
    const shard = await aShard();
    await shard.sendOne("e1", "ada");
    await shard.untilStored();
    await shard.evict();
    await withoutTable("user_goal_progress", async () => {
      expect(await shard.sendOne("e2", "ada")).toBe("accepted");
      await shard.evict();
      expect(await shard.sendOne("e3", "ada")).toBe("accepted");
      expect(await shard.status()).toMatchObject({ parkedPlayers: 1, journalDepth: 2 });
    });
    expect(await shard.counted("ada")).toBe(3);
    await shard.untilStored();
    expect(await shard.stored("ada")).toBe(3);
  });

  test("also the first event of a shard is kept, before it has a fence", async () => {
    const shard = await aShard();
    await withoutTable("shard_fence", async () => {
      expect(await shard.sendOne("e1", "ada")).toBe("accepted");
      await shard.evict();
      expect(await shard.sendOne("e2", "ada")).toBe("accepted");
      expect(await shard.status()).toMatchObject({ epoch: null, journalDepth: 2 });
    });
    await shard.untilStored();
    expect(await shard.counted("ada")).toBe(2);
    expect(await shard.stored("ada")).toBe(2);
    expect(await shard.status()).toMatchObject({ epoch: 1, lastError: null });
  });

  test("a command is refused, and runs under the same id when Postgres is back", async () => {
    const shard = await aShard();
    await withoutTable("user_goal_progress", async () => {
      const refused = await shard.command("ada", { kind: "initialize" }, "k1");
      expect(refused).toMatchObject({ ok: false, failure: { code: "DATABASE_UNAVAILABLE" } });
    });
    const answer = await shard.command("ada", { kind: "initialize" }, "k1");
    expect(answer).toMatchObject({ ok: true, value: { result: { created: 1 } } });
  });

  test("the shard goes on trying by itself, and stores all without another call", async () => {
    const shard = await aShard();
    await withoutTable("user_goal_progress", async () => {
      await shard.sendOne("e1", "ada");
      // No look at the shard from here on: every call would find a lost alarm.
      await shard.alarm();
    });
    await expect.poll(() => shard.stored("ada"), { timeout: PATIENCE_MS }).toBe(1);
  });
});

import { describe, expect, test } from "vitest";

import { askPostgres } from "./real-postgres.ts";
import { aShard, PATIENCE_MS } from "./shard-in-workerd.ts";

describe("the alarm", () => {
  test("comes by itself within seconds of an event, and stores it", async () => {
    const shard = await aShard();
    expect(await shard.sendOne("e1", "ada")).toBe("accepted");
    await expect.poll(() => shard.stored("ada"), { timeout: PATIENCE_MS }).toBe(1);
    await expect.poll(() => shard.status()).toMatchObject({ journalDepth: 0, dirtyPlayers: 0 });
  });

  test("runs once: with nothing left to do there is no second one", async () => {
    const shard = await aShard();
    await shard.sendOne("e1", "ada");
    await shard.untilStored();
    const before = await shard.fence();
    expect(await shard.alarm()).toBe(false);
    expect(await shard.fence()).toEqual(before);
  });

  test("that runs without work changes nothing in Postgres", async () => {
    const shard = await aShard();
    await shard.sendOne("e1", "ada");
    await shard.untilStored();
    const before = await shard.fence();
    await shard.forceAlarm();
    await shard.alarm();
    expect(await shard.fence()).toEqual(before);
  });

  test("is armed again by the next look at the shard when it got lost", async () => {
    const shard = await aShard();
    await shard.sendOne("e1", "ada");
    await shard.holdAlarm();
    await shard.evict();
    expect(await shard.status()).toMatchObject({ journalDepth: 1, parkedPlayers: 1 });
    await expect.poll(() => shard.stored("ada"), { timeout: PATIENCE_MS }).toBe(1);
  });
});

describe("an eviction", () => {
  test("loses nothing that was acknowledged", async () => {
    const shard = await aShard();
    await shard.send([
      { id: "e1", userId: "ada" },
      { id: "e2", userId: "ada" },
      { id: "e1", userId: "bob" },
    ]);
    await shard.holdAlarm();
    await shard.evict();
    expect(await shard.counted("ada")).toBe(2);
    expect(await shard.counted("bob")).toBe(1);
    await shard.untilStored();
    expect(await shard.stored("ada")).toBe(2);
    expect(await shard.stored("bob")).toBe(1);
  });

  test("right after an event does not keep the alarm from storing it, though nobody calls", async () => {
    const shard = await aShard();
    await shard.sendOne("e1", "ada");
    await shard.evict();
    await expect.poll(() => shard.stored("ada"), { timeout: PATIENCE_MS }).toBe(1);
  });

  test("after every event, ten times over, counts each once", async () => {
    const shard = await aShard();
    for (let event = 1; event <= 10; event++) {
      expect(await shard.sendOne(`e${event}`, "ada")).toBe("accepted");
      await shard.evict();
    }
    expect(await shard.counted("ada")).toBe(10);
    await shard.untilStored();
    expect(await shard.stored("ada")).toBe(10);
  });

  test("forgets no event id, whether or not its event is stored", async () => {
    const shard = await aShard();
    await shard.sendOne("stored", "ada");
    await shard.untilStored();
    await shard.sendOne("journaled", "ada");
    await shard.holdAlarm();
    await shard.evict();
    const again = [
      { id: "stored", userId: "ada" },
      { id: "journaled", userId: "ada" },
      { id: "new", userId: "ada" },
    ];
    expect(await shard.send(again)).toEqual(["duplicate", "duplicate", "accepted"]);
    await shard.untilStored();
    expect(await shard.stored("ada")).toBe(3);
  });

  test("gives a repeated command its first answer", async () => {
    const shard = await aShard();
    const first = await shard.command("ada", { kind: "initialize" }, "k1");
    expect(first).toMatchObject({ ok: true, value: { result: { created: 1 } } });
    await shard.evict();
    const repeated = await shard.command("ada", { kind: "initialize" }, "k1");
    expect(repeated).toMatchObject({ ok: true, value: { result: { created: 1 } } });
    const other = await shard.command("ada", { kind: "initialize" }, "k2");
    expect(other).toMatchObject({ ok: true, value: { result: { created: 0 } } });
  });

  test("never leads to a position that was used before", async () => {
    const shard = await aShard();
    const applied: number[] = [];
    for (const id of ["e1", "e2", "e3"]) {
      await shard.sendOne(id, "ada");
      await shard.untilStored();
      await shard.evict();
      const [row] = await askPostgres(
        "SELECT applied::float8 FROM user_goal_progress WHERE namespace = $1",
        shard.namespace,
      );
      applied.push(Number(row?.[0]));
    }
    const [first = 0] = applied;
    expect(applied).toEqual([first, first + 1, first + 2]);
  });
});

describe("storage that refuses a write", () => {
  test.each(["journal", "seen"])(
    "(table %s) leads to a reset: the event was not acknowledged, and counts once when it is sent again",
    async (table) => {
      const shard = await aShard();
      await shard.sendOne("before", "ada");
      await shard.onSqlite(`ALTER TABLE ${table} RENAME TO hidden`);
      await expect(shard.sendOne("e1", "ada")).rejects.toThrow(/could not be written/);
      await shard.onSqlite(`DROP TABLE ${table}`);
      await shard.onSqlite(`ALTER TABLE hidden RENAME TO ${table}`);
      await shard.evict();
      expect(await shard.sendOne("e1", "ada")).toBe("accepted");
      expect(await shard.sendOne("before", "ada")).toBe("duplicate");
      expect(await shard.counted("ada")).toBe(2);
      await shard.untilStored();
      expect(await shard.stored("ada")).toBe(2);
    },
  );
});

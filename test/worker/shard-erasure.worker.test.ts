import { describe, expect, test } from "vitest";

import { askPostgres, withoutTable } from "./real-postgres.ts";
import { aShard, type ShardInWorkerd } from "./shard-in-workerd.ts";

const ERASE = { kind: "erase" } as const;
const CLAIM = { kind: "claim", challengeId: "first-steps", goalId: "kills" } as const;

function rowsInPostgres(shard: ShardInWorkerd): Promise<unknown[][]> {
  return askPostgres(
    "SELECT user_id, event_count::float8 FROM user_goal_progress WHERE namespace = $1 ORDER BY user_id",
    shard.namespace,
  );
}

describe("an erasure", () => {
  test("removes what Postgres holds, what only the journal holds, and nobody else's", async () => {
    const shard = await aShard();
    await shard.sendOne("e1", "ada");
    await shard.sendOne("e1", "bob");
    await shard.untilStored();
    await shard.sendOne("e2", "ada");
    const answer = await shard.command("ada", ERASE, "k1");
    expect(answer).toMatchObject({ ok: true, value: { view: { rows: [] } } });
    expect(await shard.counted("ada")).toBe(0);
    await shard.untilStored();
    expect(await rowsInPostgres(shard)).toEqual([["bob", 1]]);
  });

  test("holds over an eviction before its flush; what comes after it counts from nothing", async () => {
    const shard = await aShard();
    await shard.sendOne("e1", "ada");
    await shard.untilStored();
    await shard.sendOne("e2", "ada");
    await shard.command("ada", ERASE, "k1");
    await shard.sendOne("e3", "ada");
    await shard.holdAlarm();
    await shard.evict();
    expect(await shard.counted("ada")).toBe(1);
    await shard.untilStored();
    expect(await rowsInPostgres(shard)).toEqual([["ada", 1]]);
  });

  test("also covers events that were kept unapplied while Postgres was away", async () => {
    const shard = await aShard();
    await withoutTable("user_goal_progress", async () => {
      await shard.sendOne("e1", "ada");
    });
    await shard.command("ada", ERASE, "k1");
    await shard.evict();
    expect(await shard.sendOne("e1", "ada")).toBe("duplicate");
    await shard.untilStored();
    expect(await rowsInPostgres(shard)).toEqual([]);
  });

  test("leaves the ledger's line, without the name", async () => {
    const shard = await aShard();
    await shard.send(["e1", "e2", "e3"].map((id) => ({ id, userId: "ada" })));
    await shard.command("ada", CLAIM, "k1");
    await shard.command("ada", ERASE, "k2");
    await shard.untilStored();
    const lines = "SELECT user_id <> 'ada', state FROM reward_grant WHERE namespace = $1";
    expect(await askPostgres(lines, shard.namespace)).toEqual([[true, "granted"]]);
  });
});

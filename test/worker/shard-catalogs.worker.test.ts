import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";

import { aCatalog, aGoal } from "../support/builders.ts";
import { aWideCatalog, KILLS } from "../support/kills-catalog.ts";
import { askPostgres } from "./real-postgres.ts";
import { aShard, ShardInWorkerd } from "./shard-in-workerd.ts";

/** Like `KILLS`, but moved by jumps. */
const JUMPS = aCatalog(
  aGoal({
    goalId: "jumps",
    defaultAssigned: true,
    requirement: { statCode: "jumps", progressMode: "count", targetValue: 3 },
  }),
);
const JUMP = { statCode: "jumps" };

/** Removes the shard's catalogs from every store but its own. */
async function forgetCatalogs(shard: ShardInWorkerd): Promise<void> {
  await askPostgres("DELETE FROM catalog_version WHERE namespace = $1", shard.namespace);
  const { keys } = await env.KV.list();
  for (const { name } of keys) if (name.includes(shard.namespace)) await env.KV.delete(name);
}

describe("an activation number", () => {
  test("that is higher than the last one makes its catalog current", async () => {
    const shard = await aShard();
    expect(await shard.sendOne("e1", "ada", JUMP)).toBe("ignored");
    await shard.publish(JUMPS);
    expect(await shard.sendOne("e1", "ada", JUMP)).toBe("accepted");
    expect(await shard.sendOne("e2", "ada")).toBe("ignored");
    expect(await shard.counted("ada", "jumps")).toBe(1);
  });

  test("that is lower changes nothing: a Worker that lags behind does not take the shard back", async () => {
    const shard = new ShardInWorkerd();
    const older = await shard.publish(KILLS);
    const newer = await shard.publish(JUMPS);
    expect(await shard.send([{ id: "e1", userId: "ada", facts: JUMP }], newer)).toEqual([
      "accepted",
    ]);
    expect(await shard.send([{ id: "e2", userId: "ada", facts: JUMP }], older)).toEqual([
      "accepted",
    ]);
    expect(await shard.send([{ id: "e3", userId: "ada" }], older)).toEqual(["ignored"]);
    await shard.evict();
    expect(await shard.send([{ id: "e4", userId: "ada", facts: JUMP }], older)).toEqual([
      "accepted",
    ]);
    expect(await shard.counted("ada", "jumps")).toBe(3);
  });
});

test("an operation is replayed with the catalog that it was accepted with, whatever is active by then", async () => {
  const shard = await aShard();
  await shard.sendOne("e1", "ada");
  await shard.publish(JUMPS);
  await shard.sendOne("e2", "ada", JUMP);
  await shard.holdAlarm();
  await forgetCatalogs(shard);
  await shard.evict();
  expect(await shard.counted("ada", "kills")).toBe(1);
  expect(await shard.counted("ada", "jumps")).toBe(1);
  await shard.untilStored();
  expect(await shard.stored("ada")).toBe(2);
});

test("a version that no store has is refused, and says so", async () => {
  const shard = new ShardInWorkerd();
  const { seq } = await shard.publish(KILLS);
  const unknown = { version: "0".repeat(64), seq: seq + 1 };
  await expect(shard.send([{ id: "e1", userId: "ada" }], unknown)).rejects.toThrow(/NO_CATALOG/);
});

test("a catalog of 5,000 goals lives in the shard's own storage, in parts, and survives an eviction", async () => {
  const goals = 5_000;
  const shard = await aShard(aWideCatalog(goals));
  await shard.sendOne("e1", "ada");
  const parts = await shard.onSqlite("SELECT length(body) AS characters FROM catalog_part");
  expect(parts.length).toBeGreaterThan(1);
  await forgetCatalogs(shard);
  await shard.evict();
  expect(await shard.sendOne("e2", "ada")).toBe("accepted");
  expect(await shard.counted("ada", `goal-${goals - 1}`)).toBe(2);
  await shard.untilStored();
  expect(await shard.stored("ada")).toBe(2 * goals);
});

test("versions that nothing needs any more are dropped once the journal is empty", async () => {
  const shard = await aShard();
  await shard.sendOne("e1", "ada");
  const { version } = await shard.publish(JUMPS);
  await shard.sendOne("e2", "ada", JUMP);
  await shard.untilStored();
  const stored = await shard.onSqlite("SELECT DISTINCT version FROM catalog_part");
  expect(stored).toEqual([{ version }]);
});

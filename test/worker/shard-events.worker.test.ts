import { describe, expect, test } from "vitest";

import { aCatalog, aGoal } from "../support/builders.ts";
import { askPostgres } from "./real-postgres.ts";
import { aShard, ShardInWorkerd } from "./shard-in-workerd.ts";

describe("a batch of 500 events", () => {
  test("for 100 players is accepted, shown and stored, each once; sent again it is all duplicates", async () => {
    const shard = await aShard();
    const batch = Array.from({ length: 500 }, (_, index) => ({
      id: `e${index}`,
      userId: `player-${index % 100}`,
    }));
    const statuses = await shard.send(batch);
    expect(statuses).toHaveLength(500);
    expect(new Set(statuses)).toEqual(new Set(["accepted"]));
    expect(await shard.counted("player-42")).toBe(5);
    expect(new Set(await shard.send(batch))).toEqual(new Set(["duplicate"]));
    await shard.untilStored();
    const totals =
      "SELECT count(*)::float8, sum(event_count)::float8 FROM user_goal_progress WHERE namespace = $1";
    expect(await askPostgres(totals, shard.namespace)).toEqual([[100, 500]]);
  });

  test("answers in order, whatever becomes of each event", async () => {
    const shard = await aShard();
    const old = { timestamp: Date.now() - 8 * 86_400_000 };
    const statuses = await shard.send([
      { id: "e1", userId: "ada" },
      { id: "e1", userId: "ada" },
      { id: "e2", userId: "ada", facts: { statCode: "jumps" } },
      { id: "e3", userId: "ada", facts: old },
      { id: "e1", userId: "bob" },
    ]);
    expect(statuses).toEqual(["accepted", "duplicate", "ignored", "rejected", "accepted"]);
  });
});

test("one event sent 200 times at once is taken once", async () => {
  const shard = await aShard();
  // Awake, with the player in memory: all of them then meet in one open group.
  await shard.sendOne("e0", "ada");
  const sent = Array.from({ length: 200 }, () => shard.sendOne("e1", "ada"));
  const statuses = await Promise.all(sent);
  expect(statuses.filter((status) => status === "accepted")).toHaveLength(1);
  expect(statuses.filter((status) => status === "duplicate")).toHaveLength(199);
  expect(await shard.counted("ada")).toBe(2);
});

test("300 single events at once are written in few groups, and count once each", async () => {
  const shard = await aShard();
  await shard.sendOne("first", "player-0");
  await shard.holdAlarm();
  const [before] = await shard.onSqlite("SELECT count(*) AS groups FROM journal");
  const sent = Array.from({ length: 300 }, (_, index) =>
    shard.sendOne(`e${index}`, `player-${index % 3}`),
  );
  expect(new Set(await Promise.all(sent))).toEqual(new Set(["accepted"]));
  const [after] = await shard.onSqlite("SELECT count(*) AS groups FROM journal");
  expect(Number(after?.["groups"]) - Number(before?.["groups"])).toBeLessThan(100);
  expect(await shard.counted("player-2")).toBe(100);
  await shard.forceAlarm();
  await shard.untilStored();
  expect(await shard.stored("player-2")).toBe(100);
});

test("a read that follows an acknowledged event shows it, while flushes run all the time", async () => {
  const shard = await aShard();
  for (let event = 1; event <= 30; event++) {
    await shard.sendOne(`e${event}`, "ada");
    const alarm = shard.alarm();
    expect(await shard.counted("ada")).toBe(event);
    await alarm;
  }
  await shard.untilStored();
  expect(await shard.stored("ada")).toBe(30);
});

test("two namespaces share a shard, and nothing else", async () => {
  const shard = await aShard();
  const other = new ShardInWorkerd(shard.name);
  await other.publish(
    aCatalog(aGoal({ goalId: "kills", defaultAssigned: true, requirement: { targetValue: 1 } })),
  );
  expect(await shard.sendOne("e1", "ada")).toBe("accepted");
  expect(await other.sendOne("e1", "ada")).toBe("accepted");
  await shard.sendOne("e2", "ada");
  expect(await shard.counted("ada")).toBe(2);
  expect(await other.counted("ada")).toBe(1);
});

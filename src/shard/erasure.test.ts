import { describe, expect, test } from "vitest";

import { aCatalog, aGoal } from "../../test/support/builders.ts";
import { SimulatedShard } from "../../test/support/simulated-shard.ts";

const CATALOG = aCatalog(
  aGoal({
    goalId: "kills",
    defaultAssigned: true,
    requirement: { progressMode: "count", targetValue: 1 },
  }),
);
const CLAIM = {
  kind: "claim",
  challengeId: CATALOG.document.challenges[0]?.challengeId ?? "",
  goalId: "kills",
} as const;

async function completed(shard: SimulatedShard, eventId: string): Promise<void> {
  await shard.time.until(shard.event(eventId, "alice"));
}

function erase(shard: SimulatedShard, key: string) {
  return shard.time.until(shard.command("alice", { kind: "erase" }, key));
}

function claim(shard: SimulatedShard, key: string) {
  return shard.time.until(shard.command("alice", CLAIM, key));
}

describe("an erasure", () => {
  test("tells how many rows there were, and leaves none in memory or in Postgres", async () => {
    const shard = new SimulatedShard(CATALOG);
    await completed(shard, "e1");
    await shard.time.until(shard.alarm());
    const erased = await erase(shard, "x1");
    expect(erased).toMatchObject({ ok: true, value: { result: { rowsDeleted: 1 } } });
    expect(await shard.time.until(shard.view("alice"))).toMatchObject({ value: { rows: [] } });
    await shard.time.until(shard.alarm());
    expect(shard.store.rowsOf(shard.player("alice")).size).toBe(0);
  });

  test("beats what was acknowledged before it, also when the shard starts anew in between", async () => {
    const shard = new SimulatedShard(CATALOG);
    await completed(shard, "e1");
    await erase(shard, "x1");
    shard.start();
    await shard.time.until(shard.alarm());
    expect(shard.store.rowsOf(shard.player("alice")).size).toBe(0);
    expect(await shard.time.until(shard.view("alice"))).toMatchObject({ value: { rows: [] } });
  });

  test("does not pay a second time for what was paid before it", async () => {
    const shard = new SimulatedShard(CATALOG);
    await completed(shard, "e1");
    await claim(shard, "c1");
    await erase(shard, "x1");
    await shard.time.until(shard.alarm());
    shard.start();
    await completed(shard, "e2");
    expect(await claim(shard, "c2")).toMatchObject({ value: { result: { status: "claimed" } } });
    expect(shard.granted).toHaveLength(1);
    await shard.time.until(shard.alarm());
    expect([...shard.store.grants.values()]).toMatchObject([{ state: "granted" }]);
  });

  test.each(["at once", "after a restart"])(
    "does not pay twice what was paid a moment ago and is not in Postgres yet, %s",
    async (when) => {
      const shard = new SimulatedShard(CATALOG);
      await completed(shard, "e1");
      await claim(shard, "c1");
      await erase(shard, "x1");
      await completed(shard, "e2");
      if (when === "after a restart") shard.start();
      expect(await claim(shard, "c2")).toMatchObject({ value: { result: { status: "claimed" } } });
      expect(shard.granted).toHaveLength(1);
      await shard.time.until(shard.alarm());
      expect([...shard.store.grants.values()]).toMatchObject([{ state: "granted" }]);
    },
  );

  test("takes the name off a grant that settles after the player came back", async () => {
    const shard = new SimulatedShard(CATALOG);
    await completed(shard, "e1");
    let answer: (outcome: { outcome: "granted" }) => void = () => undefined;
    shard.grant = () =>
      new Promise((resolve) => {
        answer = resolve;
      });
    await claim(shard, "c1");
    await erase(shard, "x1");
    await completed(shard, "e2");
    answer({ outcome: "granted" });
    await shard.time.pass(50);
    await shard.time.until(shard.alarm());
    expect([...shard.store.grants.values()]).toMatchObject([
      { state: "granted", isAnonymous: true },
    ]);
  });

  test("leaves a grant that is on its way to be paid, by the next instance too", async () => {
    const shard = new SimulatedShard(CATALOG);
    await completed(shard, "e1");
    shard.grant = () => new Promise(() => undefined);
    await claim(shard, "c1");
    await erase(shard, "x1");
    await shard.time.until(shard.alarm());
    shard.grant = () => Promise.resolve({ outcome: "granted" });
    shard.start();
    await shard.time.until(shard.alarm());
    await shard.time.pass(100);
    await shard.time.until(shard.alarm());
    expect([...shard.store.grants.values()]).toMatchObject([{ state: "granted" }]);
    expect(new Set(shard.granted.map(({ grantId }) => grantId)).size).toBe(1);
    expect(shard.store.rowsOf(shard.player("alice")).size).toBe(0);
  });
});

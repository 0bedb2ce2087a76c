import { expect, test } from "vitest";

import { aCatalog, aGoal } from "../../test/support/builders.ts";
import { SimulatedShard } from "../../test/support/simulated-shard.ts";
import type { Catalog, Schedule } from "../core/catalog.ts";

const CLAIM = { kind: "claim", challengeId: "first-steps", goalId: "ten-kills" } as const;

function rotating(schedule: Schedule): Catalog {
  const requirement = { progressMode: "count", targetValue: 1 } as const;
  const goal = aGoal({ defaultAssigned: true, requirement, rotation: { schedule } });
  return { ...aCatalog(goal), version: schedule.padEnd(64, "0") };
}

async function claim(shard: SimulatedShard, key: string): Promise<void> {
  expect(await shard.time.until(shard.command("bob", CLAIM, key))).toMatchObject({ ok: true });
}

test("a claim that is lost in a dead letter is made again under the same grant id, though the rotation was edited in between", async () => {
  const shard = new SimulatedShard(rotating("daily"));
  await shard.time.until(shard.event("e1", "bob"));
  await shard.time.until(shard.alarm());
  shard.publish(rotating("weekly"));
  shard.store.refuses = ({ rows }) => (rows.length > 0 ? "value out of range" : null);
  await claim(shard, "first");
  for (let flushes = 0; shard.store.letters.length === 0 && flushes < 20; flushes++) {
    await shard.time.until(shard.alarm());
    await shard.time.pass(1_000);
  }
  expect(shard.store.letters).toHaveLength(1);
  shard.store.refuses = () => null;
  shard.publish(rotating("daily"));
  await claim(shard, "second");
  const grantIds = shard.granted.map(({ grantId }) => grantId);
  expect(grantIds.length).toBeGreaterThan(0);
  expect(new Set(grantIds).size).toBe(1);
});

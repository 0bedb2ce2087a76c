import { describe, expect, test } from "vitest";

import { newerThan, TWO_SHARDS } from "../../test/support/newer-shard.ts";
import { retryLetters } from "../../test/support/retry-letters.ts";
import { SetBackShard } from "../../test/support/set-back-shard.ts";
import { ONE_SHARD, type SimulatedShard } from "../../test/support/simulated-shard.ts";
import { decodeIds } from "./id-bytes.ts";
import type { ShardLayout } from "./routing.ts";

const THREE_SHARDS: ShardLayout = { generation: 3, count: 3, older: [ONE_SHARD, TWO_SHARDS] };

/** Ada's first kill is in her rows, the next two are in a letter that was retried. */
async function retried(): Promise<SetBackShard> {
  const shard = new SetBackShard();
  await shard.kill("ada", "e1");
  await shard.flush();
  await shard.kill("ada", "e2", "e3");
  await shard.flushIntoLetters();
  expect(await shard.retryLetters("ada")).toEqual(["taken", "taken"]);
  expect(await shard.kills("ada")).toBe(3);
  return shard;
}

async function storedKills(shard: SimulatedShard): Promise<number | undefined> {
  await shard.time.until(shard.alarm());
  return shard.store.rowsOf(shard.player("ada")).get("kills")?.row.eventCount;
}

describe("a letter that was retried before SHARD_COUNT changed", () => {
  test("counts once when the player's newer shard is to retry it, and the one after that", async () => {
    const first = await retried();
    // Long after the window of ids has forgotten the retry.
    await first.time.pass(86_400_000);
    await first.flush();
    const second = newerThan(first);
    expect(await retryLetters(second, "ada", TWO_SHARDS)).toEqual(["repeated", "repeated"]);
    expect(await storedKills(second)).toBe(3);
    const third = newerThan(first, THREE_SHARDS, second);
    expect(await retryLetters(third, "ada", THREE_SHARDS)).toEqual(["repeated", "repeated"]);
    expect(await storedKills(third)).toBe(3);
  });

  test("is known to all newer shards also when it was retried before players were noted with it", async () => {
    const first = await retried();
    first.sql.run("UPDATE retried_operation SET tag = NULL");
    const second = newerThan(first);
    const players = ["bob", "ada"].map((userId) => second.player(userId));
    // Ids of nobody in particular come with whoever moves first, and go on with everybody.
    for (const { userId } of players) await second.time.until(second.view(userId, TWO_SHARDS));
    const given = second.engine.handOver(players, THREE_SHARDS).players;
    const [ofBob, ofAda] = given.map(({ retried = new ArrayBuffer() }) => decodeIds(retried));
    expect(ofAda).toHaveLength(2);
    expect(ofBob).toEqual(ofAda);
  });
});

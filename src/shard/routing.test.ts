import { describe, expect, test } from "vitest";

import type { PlayerKey } from "../core/player.ts";
import { positionFloorOf, shardNames, shardOf } from "./routing.ts";

const LAYOUT = { generation: 1, count: 8 };

function player(userId: string, namespace = "default"): PlayerKey {
  return { namespace, userId };
}

describe("a player's shard", () => {
  test("is pinned: another answer would give the player a second writer", () => {
    const shards = ["ada", "bob", "9e107d9d372bb6826bd81d3542a419d6", "日本", "🏆"].map((userId) =>
      shardOf(player(userId), LAYOUT),
    );
    expect(shards).toEqual(["g1-8-7", "g1-8-0", "g1-8-0", "g1-8-5", "g1-8-4"]);
  });

  test.each([
    { what: "numbers that follow each other", userId: (n: number) => `user-${n}` },
    { what: "hex ids", userId: (n: number) => (n * 2_654_435_761).toString(16).padStart(32, "0") },
    { what: "names with a common end", userId: (n: number) => `${n}@players.example` },
  ])("spreads players evenly ($what)", ({ userId }) => {
    const players = 16_000;
    const counts = new Map(shardNames(LAYOUT).map((name) => [name, 0]));
    for (let n = 0; n < players; n++) {
      const shard = shardOf(player(userId(n)), LAYOUT);
      counts.set(shard, (counts.get(shard) ?? 0) + 1);
    }
    const mean = players / LAYOUT.count;
    expect(counts.size).toBe(LAYOUT.count);
    for (const count of counts.values()) {
      expect(count).toBeGreaterThan(mean * 0.9);
      expect(count).toBeLessThan(mean * 1.1);
    }
  });

  test("depends on namespace and user, however the two are cut", () => {
    const many = { generation: 1, count: 1_000_003 };
    const shards = [
      player("b", "a"),
      player("", "ab"),
      player('b","c', "a"),
      player("c", 'a","b'),
      player("a", "b"),
    ].map((key) => shardOf(key, many));
    expect(new Set(shards).size).toBe(shards.length);
  });

  test("names generation and count, so that no change of the layout goes unnoticed", () => {
    expect(shardNames({ generation: 2, count: 3 })).toEqual(["g2-3-0", "g2-3-1", "g2-3-2"]);
  });
});

describe("a generation's positions", () => {
  test("start above all of the generation before", () => {
    expect(positionFloorOf("g1-8-3")).toBe(2 ** 40);
    expect(positionFloorOf("g12-8-0")).toBe(12 * 2 ** 40);
  });

  test.each(["", "g1-8", "1-8-0", "g1-8-0-1", "gx-8-0"])("are unknown for %o", (name) => {
    expect(() => positionFloorOf(name)).toThrow("is not the name of a shard");
  });
});

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { freshDatabase, type FreshDatabase } from "../../../dev/testing/fresh-database.ts";
import { queryDirectly } from "../../../dev/testing/query-directly.ts";
import { aLetter, anAttempt, aSnapshot } from "../../../test/support/flush-builders.ts";
import type { DeadLetters } from "../../core/dead-letters.ts";
import { connect } from "./connect.ts";
import { createDeadLetters } from "./dead-letters.ts";
import { createShardStore } from "./shard-store.ts";

let fresh: FreshDatabase;
let letters: DeadLetters;
const shard = "g1-1-0";
const players = ["ada", "bob", "cyd"].map((userId) => ({ namespace: "arena", userId }));

beforeAll(async () => {
  fresh = await freshDatabase();
  const { url: databaseUrl, endpointUrl: httpEndpoint } = fresh;
  const database = connect({ databaseUrl, httpEndpoint, timeoutMs: 5_000 });
  letters = createDeadLetters(database);
  const store = createShardStore(database);
  await store.createFence(shard, "owner", 0);
  const parts = players.map((player) => aSnapshot({ player, rows: [], letters: [aLetter()] }));
  await store.flush(anAttempt({ shard, players: parts }));
});

afterAll(async () => {
  await fresh.drop();
});

async function idsIn(state: "open" | "retried" | "discarded" | null, after = 0, count = 9) {
  return (await letters.list({ state, after, count })).map(({ id }) => id);
}

describe("dead letters", () => {
  test("are listed by their ids, a page at a time, as the shard wrote them", async () => {
    expect(await idsIn("open")).toEqual([1, 2, 3]);
    expect(await idsIn("open", 1, 1)).toEqual([2]);
    expect(await letters.find(1)).toEqual({
      id: 1,
      shard,
      player: players[0],
      state: "open",
      error: aLetter().error,
      createdAt: expect.any(Number),
      settledAt: null,
      operations: aLetter().operations,
    });
    expect(await letters.find(4)).toBeNull();
    expect(Math.abs(((await letters.find(1))?.createdAt ?? 0) - Date.now())).toBeLessThan(60_000);
  });

  test("are settled once, and keep their mark, but no content", async () => {
    const settled = await Promise.all([
      letters.settle(1, "discarded"),
      letters.settle(1, "retried"),
    ]);
    expect(settled.filter(Boolean)).toHaveLength(1);
    expect(await letters.settle(1, "discarded")).toBe(false);
    expect(await letters.settle(2, "discarded")).toBe(true);
    expect(await letters.settle(3, "retried")).toBe(true);
    expect(await letters.settle(4, "retried")).toBe(false);
    expect(await letters.find(2)).toMatchObject({ state: "discarded", operations: [] });
    expect(await letters.find(3)).toMatchObject({
      state: "retried",
      settledAt: expect.any(Number),
      operations: [],
    });
    expect(await idsIn("open")).toEqual([]);
    expect(await idsIn(null)).toEqual([1, 2, 3]);
    const marks = await queryDirectly(
      fresh.url,
      "SELECT applied::int, octet_length(payload) AS bytes FROM dead_letter",
      [],
    );
    expect(marks).toEqual([1, 1, 1].map((applied) => ({ applied, bytes: 0 })));
  });
});

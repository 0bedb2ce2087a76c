import { afterAll, beforeAll, expect, test } from "vitest";

import { freshDatabase, type FreshDatabase } from "../../../dev/testing/fresh-database.ts";
import { aGrantLine, anAttempt, aSnapshot } from "../../../test/support/flush-builders.ts";
import type { GrantLine, PlayerKey } from "../../core/player.ts";
import type { Grants } from "../../core/ports.ts";
import type { ShardStore } from "../../core/shard-store.ts";
import { connect } from "./connect.ts";
import { createGrants } from "./grants.ts";
import { createShardStore } from "./shard-store.ts";

let fresh: FreshDatabase;
let grants: Grants;
let store: ShardStore;
let shards = 0;

beforeAll(async () => {
  fresh = await freshDatabase();
  const { url: databaseUrl, endpointUrl: httpEndpoint } = fresh;
  const database = connect({ databaseUrl, httpEndpoint, timeoutMs: 5_000 });
  grants = createGrants(database);
  store = createShardStore(database);
});

afterAll(async () => {
  await fresh.drop();
});

/** Writes lines as a flush does. */
async function record(player: PlayerKey, lines: readonly GrantLine[]): Promise<void> {
  const shard = `g1-1000-${++shards}`;
  await store.createFence(shard, "owner", 0);
  await store.flush(anAttempt({ shard, players: [aSnapshot({ player, grants: lines })] }));
}

test("a player without grants has no lines", async () => {
  expect(await grants.ofPlayer({ namespace: "arena", userId: "nobody" })).toEqual([]);
});

test("a player's lines come newest first, and nobody else's with them", async () => {
  const ada = { namespace: "arena", userId: "ada" };
  const lines = [1_000, 3_000, 2_000].map((createdAt) =>
    aGrantLine({ grantId: `ada-${createdAt}`, createdAt }),
  );
  await record(ada, lines);
  await record({ ...ada, namespace: "other" }, [aGrantLine({ grantId: "other namespace" })]);
  await record({ ...ada, userId: "adam" }, [aGrantLine({ grantId: "other user" })]);
  const read = await grants.ofPlayer(ada);
  expect(read.map((line) => line.grantId)).toEqual(["ada-3000", "ada-2000", "ada-1000"]);
  expect(read[0]).toEqual(lines[1]);
});

test("lines of the same instant come in one order every time", async () => {
  const player = { namespace: "arena", userId: "busy" };
  const ids = Array.from({ length: 50 }, (_, index) => `busy-${String(index).padStart(2, "0")}`);
  await record(
    player,
    ids.toReversed().map((grantId) => aGrantLine({ grantId })),
  );
  const read = await grants.ofPlayer(player);
  expect(read.map((line) => line.grantId)).toEqual(ids);
});

test("an answer is bounded: the 1,000 newest lines", async () => {
  const player = { namespace: "arena", userId: "rich" };
  await record(
    player,
    Array.from({ length: 1_001 }, (_, index) =>
      aGrantLine({ grantId: `rich-${index}`, createdAt: index }),
    ),
  );
  const read = await grants.ofPlayer(player);
  expect(read).toHaveLength(1_000);
  expect(read[0]?.createdAt).toBe(1_000);
  expect(read.at(-1)?.createdAt).toBe(1);
});

test("a namespace's lines come in pages, by state, and nobody else's with them", async () => {
  const anna = { namespace: "paged", userId: "anna" };
  const states = ["pending", "parked", "granted", "rejected", "cancelled", "pending"] as const;
  const lines = states.map((state, index) => aGrantLine({ grantId: `paged-${index}`, state }));
  await record(anna, lines);
  await record({ namespace: "other", userId: "anna" }, [aGrantLine({ grantId: "paged-other" })]);
  const ids = async (wished: readonly (typeof states)[number][], after: string | null = null) => {
    const found = await grants.list("paged", { states: wished, after, count: 2 });
    return found.map(({ userId, line }) => [userId, line.grantId]);
  };
  const [first, second, last] = ["paged-0", "paged-1", "paged-5"].map((id) => ["anna", id]);
  expect(await ids(["pending", "parked"])).toEqual([first, second]);
  expect(await ids(["pending", "parked"], "paged-1")).toEqual([last]);
  expect(await ids(["granted"])).toEqual([["anna", "paged-2"]]);
});

test("a line is found by its id in its own namespace only, without a name after an erasure", async () => {
  const bea = { namespace: "arena", userId: "bea" };
  const line = aGrantLine({ grantId: "findable", state: "cancelled" });
  await record(bea, [line]);
  expect(await grants.find("arena", "findable")).toEqual({ userId: "bea", line });
  expect(await grants.find("elsewhere", "findable")).toBeNull();
  await record(bea, [{ ...line, isAnonymous: true }]);
  expect(await grants.find("arena", "findable")).toEqual({ userId: null, line });
});

test("a claim that is made anew after an erasure gives its line a name again", async () => {
  const cyd = { namespace: "arena", userId: "cyd" };
  const line = aGrantLine({ grantId: "returned", state: "rejected", isAnonymous: true });
  await record(cyd, [line]);
  await record(cyd, [aGrantLine({ grantId: "returned", state: "pending" })]);
  expect(await grants.find("arena", "returned")).toMatchObject({ userId: "cyd" });
});

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { freshDatabase, type FreshDatabase } from "../../../dev/testing/fresh-database.ts";
import { queryDirectly } from "../../../dev/testing/query-directly.ts";
import { aRow } from "../../../test/support/builders.ts";
import { aGrantLine, anAttempt, aSnapshot } from "../../../test/support/flush-builders.ts";
import type { PlayerKey } from "../../core/player.ts";
import type { FlushAttempt, ShardStore } from "../../core/shard-store.ts";
import { connect } from "./connect.ts";
import { createShardStore } from "./shard-store.ts";

let fresh: FreshDatabase;
let store: ShardStore;
let names = 0;

beforeAll(async () => {
  fresh = await freshDatabase();
  const { url: databaseUrl, endpointUrl: httpEndpoint } = fresh;
  store = createShardStore(connect({ databaseUrl, httpEndpoint, timeoutMs: 5_000 }));
});

afterAll(async () => {
  await fresh.drop();
});

/** Every test has a shard and players of its own. */
function aShardName(): string {
  return `g1-1000-${++names}`;
}

function playerOf(shard: string, index = 0): PlayerKey {
  return { namespace: "arena", userId: `${shard}/${index}` };
}

function playersOf(shard: string, count: number): PlayerKey[] {
  return Array.from({ length: count }, (_, index) => playerOf(shard, index));
}

/** A shard whose fence was created by "ada", with epoch 1 and all marks at 0. */
async function aClaimedShard(): Promise<string> {
  const shard = aShardName();
  await store.createFence(shard, "ada", 0);
  return shard;
}

describe("the fence", () => {
  test("is missing until it is created, with epoch 1 and its marks at the floor", async () => {
    const shard = aShardName();
    const floor = 3 * 2 ** 40;
    expect(await store.readFence(shard)).toBeNull();
    const created = { owner: "ada", epoch: 1, flush: 0, upto: floor, high: floor };
    expect(await store.createFence(shard, "ada", floor)).toEqual(created);
    expect(await store.createFence(shard, "bob", floor)).toBeNull();
    expect(await store.readFence(shard)).toEqual(created);
  });

  test("is claimed by whoever names its epoch, once", async () => {
    const shard = await aClaimedShard();
    const claims = ["bob", "eve", "joe"].map((owner) => store.claimFence(shard, owner, 1));
    const won = (await Promise.all(claims)).filter((fence) => fence !== null);
    expect(won).toMatchObject([{ epoch: 2 }]);
    expect(await store.readFence(shard)).toEqual(won[0]);
    expect(await store.claimFence(shard, "ada", 1)).toBeNull();
    expect(await store.claimFence(aShardName(), "ada", 1)).toBeNull();
  });
});

describe("a load", () => {
  test("without a fence answers no epoch, and no rows", async () => {
    const player = { namespace: "arena", userId: "written by another shard" };
    const other = await aClaimedShard();
    await store.flush(anAttempt({ shard: other, players: [aSnapshot({ player })] }));
    expect(await store.load(aShardName(), [player])).toEqual({ epoch: null, rows: [], marks: [] });
  });

  test("answers the epoch beside nobody's rows", async () => {
    const shard = await aClaimedShard();
    expect(await store.load(shard, playersOf(shard, 3))).toEqual({ epoch: 1, rows: [], marks: [] });
    expect(await store.load(shard, [])).toEqual({ epoch: 1, rows: [], marks: [] });
  });

  test("answers all rows of 200 players, and nobody else's", async () => {
    const shard = await aClaimedShard();
    const players = playersOf(shard, 201);
    const rows = ["a", "b", "c"].map((goalId) => aRow({ goalId }));
    const snapshots = players.map((player, index) => aSnapshot({ player, rows, applied: index }));
    await store.flush(anAttempt({ shard, players: snapshots }));
    const loaded = await store.load(shard, players.slice(0, 200));
    expect(loaded.epoch).toBe(1);
    expect(loaded.rows).toHaveLength(600);
    expect(new Set(loaded.rows.map((row) => row.player.userId)).size).toBe(200);
    expect(loaded.rows.map((row) => row.player.userId)).not.toContain(players[200]?.userId);
    const last = loaded.rows.filter((row) => row.player.userId === players[199]?.userId);
    expect(last.map(({ row }) => row.goalId).toSorted()).toEqual(["a", "b", "c"]);
    expect(last).toMatchObject([{ shard, applied: 199 }, { applied: 199 }, { applied: 199 }]);
  });

  test("keeps players apart whose namespace and id read alike when joined", async () => {
    const shard = await aClaimedShard();
    const player = { namespace: "a-b", userId: `c-${shard}` };
    await store.flush(anAttempt({ shard, players: [aSnapshot({ player })] }));
    const lookalike = { namespace: "a", userId: `b-c-${shard}` };
    expect((await store.load(shard, [lookalike])).rows).toEqual([]);
    expect((await store.load(shard, [player])).rows).toHaveLength(1);
  });
});

describe("a flush", () => {
  /** Everything that a flush may touch, as Postgres has it. */
  async function stateOf(shard: string) {
    const rows = await queryDirectly(
      fresh.url,
      "SELECT *, xmin::text FROM user_goal_progress WHERE shard = $1 ORDER BY user_id, goal_id",
      [shard],
    );
    const grants = await queryDirectly(
      fresh.url,
      "SELECT *, xmin::text FROM reward_grant WHERE shard = $1 ORDER BY grant_id",
      [shard],
    );
    return { fence: await store.readFence(shard), rows, grants };
  }

  /** A flush that has something for every table. */
  function aFullAttempt(shard: string, wish: Partial<FlushAttempt> = {}): FlushAttempt {
    const player = playerOf(shard);
    const grants = [aGrantLine({ grantId: `grant of ${shard}` })];
    const snapshot = aSnapshot({ player, applied: 5, grants });
    return anAttempt({ shard, upto: 5, high: 7, players: [snapshot], ...wish });
  }

  test("moves the fence and writes rows and ledger together", async () => {
    const shard = await aClaimedShard();
    expect(await store.flush(aFullAttempt(shard))).toBe(true);
    const { fence, rows, grants } = await stateOf(shard);
    expect(fence).toEqual({ owner: "ada", epoch: 1, flush: 1, upto: 5, high: 7 });
    expect(rows).toMatchObject([{ goal_id: "ten-kills", applied: "5" }]);
    expect(grants).toMatchObject([{ grant_id: `grant of ${shard}`, state: "granted" }]);
  });

  test.each([
    { which: "a lower epoch", wish: { epoch: 0 } },
    { which: "a higher epoch", wish: { epoch: 2 } },
    { which: "another previous flush", wish: { previous: 1, flush: 2 } },
  ])("with $which than the fence's writes nothing", async ({ wish }) => {
    const shard = await aClaimedShard();
    const before = await stateOf(shard);
    expect(await store.flush(aFullAttempt(shard, wish))).toBe(false);
    expect(await stateOf(shard)).toEqual(before);
  });

  test("of a shard without a fence writes nothing", async () => {
    const shard = aShardName();
    expect(await store.flush(aFullAttempt(shard))).toBe(false);
    expect(await stateOf(shard)).toEqual({ fence: null, rows: [], grants: [] });
  });

  test("that arrives a second time changes nothing, not even a row's version", async () => {
    const shard = await aClaimedShard();
    await store.flush(aFullAttempt(shard));
    const before = await stateOf(shard);
    expect(await store.flush(aFullAttempt(shard))).toBe(false);
    expect(await stateOf(shard)).toEqual(before);
  });

  test("that is sent five times at once is written once", async () => {
    const shard = await aClaimedShard();
    const sent = Array.from({ length: 5 }, () => store.flush(aFullAttempt(shard)));
    const moved = await Promise.all(sent);
    expect(moved.filter(Boolean)).toHaveLength(1);
  });

  test("of nobody moves the fence", async () => {
    const shard = await aClaimedShard();
    expect(await store.flush(anAttempt({ shard, upto: 9, high: 9 }))).toBe(true);
    expect(await stateOf(shard)).toMatchObject({ fence: { flush: 1, upto: 9 }, rows: [] });
  });

  test("may skip numbers, as attempts that came to nothing do", async () => {
    const shard = await aClaimedShard();
    expect(await store.flush(anAttempt({ shard, flush: 7, previous: 0 }))).toBe(true);
    expect(await store.flush(anAttempt({ shard, flush: 8, previous: 7 }))).toBe(true);
    expect(await store.readFence(shard)).toMatchObject({ flush: 8 });
  });

  test("that Postgres refuses leaves the fence where it was", async () => {
    const shard = await aClaimedShard();
    const before = await stateOf(shard);
    const player = playerOf(shard);
    const rows = [aRow({ goalId: "twice" }), aRow({ goalId: "twice" })];
    const attempt = anAttempt({ shard, players: [aSnapshot({ player, rows })] });
    await expect(store.flush(attempt)).rejects.toMatchObject({ isDefinite: true });
    expect(await stateOf(shard)).toEqual(before);
  });

  test("replaces a row as a whole, also with what became null", async () => {
    const shard = await aClaimedShard();
    const player = playerOf(shard);
    const full = aRow({ raw: 5, baseline: 1, completedAt: 1, claimedAt: 2, period: "p" });
    const bare = aRow({ raw: null, baseline: null, assignedAt: null });
    await store.flush(anAttempt({ shard, players: [aSnapshot({ player, rows: [full] })] }));
    const second = [aSnapshot({ player, rows: [bare], applied: 2 })];
    await store.flush(anAttempt({ shard, flush: 2, previous: 1, players: second }));
    const loaded = await store.load(shard, [player]);
    expect(loaded.rows).toEqual([{ player, shard, applied: 2, row: bare }]);
  });

  test("takes a row over from the shard that wrote it before", async () => {
    const [older, newer] = [await aClaimedShard(), await aClaimedShard()];
    const player = playerOf(older);
    await store.flush(
      anAttempt({ shard: older, players: [aSnapshot({ player, applied: 2 ** 41 })] }),
    );
    await store.flush(anAttempt({ shard: newer, players: [aSnapshot({ player, applied: 1 })] }));
    const loaded = await store.load(newer, [player]);
    expect(loaded.rows).toMatchObject([{ shard: newer, applied: 1 }]);
  });
});

describe("the ledger", () => {
  test("keeps when a line was created and for whom, and takes over what became of it", async () => {
    const shard = await aClaimedShard();
    const [player, other] = [playerOf(shard, 0), playerOf(shard, 1)];
    const grantId = `ledger of ${shard}`;
    const pending = aGrantLine({ grantId, state: "pending", attempts: 0, grantedAt: null });
    const settled = aGrantLine({ grantId, attempts: 3, createdAt: 9_000, grantedAt: 10_000 });
    const first = [aSnapshot({ player, grants: [pending] })];
    await store.flush(anAttempt({ shard, players: first }));
    const second = [aSnapshot({ player: other, rows: [], grants: [settled] })];
    await store.flush(anAttempt({ shard, flush: 2, previous: 1, players: second }));
    const lines = await queryDirectly(fresh.url, "SELECT * FROM reward_grant WHERE grant_id = $1", [
      grantId,
    ]);
    expect(lines).toMatchObject([
      {
        user_id: player.userId,
        state: "granted",
        attempts: 3,
        created_at: new Date(1_000),
        granted_at: new Date(10_000),
      },
    ]);
  });

  test("names each player with a pending grant of this shard once", async () => {
    const [shard, other] = [await aClaimedShard(), await aClaimedShard()];
    const [ada, bob, eve] = [playerOf(shard, 0), playerOf(shard, 1), playerOf(shard, 2)];
    const line = (id: number, state: "pending" | "granted" | "parked") =>
      aGrantLine({ grantId: `${shard}/${id}`, state });
    const players = [
      aSnapshot({ player: ada, grants: [line(1, "pending"), line(2, "pending")] }),
      aSnapshot({ player: bob, grants: [line(3, "granted"), line(4, "parked")] }),
    ];
    await store.flush(anAttempt({ shard, players }));
    const elsewhere = [aSnapshot({ player: eve, grants: [line(5, "pending")] })];
    await store.flush(anAttempt({ shard: other, players: elsewhere }));
    expect(await store.playersWithPendingGrants(shard)).toEqual([ada]);
  });
});

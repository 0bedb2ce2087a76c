import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { freshDatabase, type FreshDatabase } from "../../../dev/testing/fresh-database.ts";
import { queryDirectly } from "../../../dev/testing/query-directly.ts";
import { aRow } from "../../../test/support/builders.ts";
import { aGrantLine, anAttempt, aSnapshot } from "../../../test/support/flush-builders.ts";
import type { PlayerSnapshot, ShardStore } from "../../core/shard-store.ts";
import { connect } from "./connect.ts";
import { createShardStore } from "./shard-store.ts";

let fresh: FreshDatabase;
let store: ShardStore;
let shard = "";
let shards = 0;
let flushes = 0;

beforeAll(async () => {
  fresh = await freshDatabase();
  const { url: databaseUrl, endpointUrl: httpEndpoint } = fresh;
  store = createShardStore(connect({ databaseUrl, httpEndpoint, timeoutMs: 5_000 }));
});

beforeEach(async () => {
  shard = `g1-1000-${++shards}`;
  flushes = 0;
  await store.createFence(shard, "owner", 0);
});

afterAll(async () => {
  await fresh.drop();
});

/** Players of this test alone. */
function aPlayer(userId: string) {
  return { namespace: `arena-${shard}`, userId };
}

/** A line of this test alone. */
function aLine(id: string, wish: Parameters<typeof aGrantLine>[0] = {}) {
  return aGrantLine({ grantId: `${shard} ${id}`, ...wish });
}

/** Writes the next flush of these players. */
async function flush(...players: PlayerSnapshot[]): Promise<void> {
  const previous = flushes++;
  expect(await store.flush(anAttempt({ shard, flush: flushes, previous, players }))).toBe(true);
}

async function goalsOf(userId: string): Promise<string[]> {
  const { rows } = await store.load(shard, [aPlayer(userId)]);
  return rows.map(({ row }) => row.goalId).toSorted((a, b) => a.localeCompare(b));
}

/** The ledger's lines of this test: whose, in which state. */
async function ledger(): Promise<Record<string, string>> {
  const rows = await queryDirectly(
    fresh.url,
    "SELECT grant_id, user_id, state FROM reward_grant WHERE shard = $1 ORDER BY grant_id",
    [shard],
  );
  return Object.fromEntries(
    rows.map((row) => {
      const id = String(row["grant_id"]).slice(shard.length + 1);
      return [id, `${String(row["user_id"])}: ${String(row["state"])}`];
    }),
  );
}

describe("an erasure", () => {
  const goals = ["a", "b", "c"].map((goalId) => aRow({ goalId }));

  test("removes the player's rows, and nobody else's", async () => {
    const [ada, adam] = [aPlayer("ada"), aPlayer("adam")];
    await flush(aSnapshot({ player: ada, rows: goals }), aSnapshot({ player: adam, rows: goals }));
    await flush(aSnapshot({ player: ada, rows: [], isErased: true }));
    expect(await goalsOf("ada")).toEqual([]);
    expect(await goalsOf("adam")).toEqual(["a", "b", "c"]);
  });

  test("leaves what the player did afterwards, within the same flush", async () => {
    const player = aPlayer("ada");
    await flush(aSnapshot({ player, rows: goals }));
    const anew = [aRow({ goalId: "b", eventCount: 1 }), aRow({ goalId: "d", eventCount: 1 })];
    await flush(aSnapshot({ player, applied: 2, rows: anew, isErased: true }));
    const { rows } = await store.load(shard, [player]);
    expect(rows.map(({ row }) => [row.goalId, row.eventCount])).toEqual([
      ["b", 1],
      ["d", 1],
    ]);
  });

  test("that is refused by the fence removes nothing", async () => {
    const player = aPlayer("ada");
    await flush(aSnapshot({ player, rows: goals, grants: [aLine("g")] }));
    const erased = aSnapshot({ player, rows: [], isErased: true });
    const attempt = anAttempt({ shard, epoch: 7, flush: 2, previous: 1, players: [erased] });
    expect(await store.flush(attempt)).toBe(false);
    expect(await goalsOf("ada")).toEqual(["a", "b", "c"]);
    expect(await ledger()).toEqual({ g: "ada: granted" });
  });

  test("takes the name off settled lines of the ledger; open ones keep it, they must be resumed", async () => {
    const player = aPlayer("ada");
    const grants = (["granted", "rejected", "cancelled", "pending", "parked"] as const).map(
      (state) => aLine(state, { state }),
    );
    const bystander = aSnapshot({ player: aPlayer("bob"), grants: [aLine("his")] });
    await flush(aSnapshot({ player, grants }), bystander);
    await flush(aSnapshot({ player, rows: [], isErased: true }));
    expect(await ledger()).toEqual({
      cancelled: ": cancelled",
      granted: ": granted",
      his: "bob: granted",
      parked: "ada: parked",
      pending: "ada: pending",
      rejected: ": rejected",
    });
    const settled = aLine("pending", { isAnonymous: true });
    await flush(aSnapshot({ player, rows: [], grants: [settled] }));
    expect(await ledger()).toMatchObject({ pending: ": granted" });
  });

  test("within the flush of a grant writes its line without the name", async () => {
    const grants = [aLine("g", { isAnonymous: true })];
    await flush(aSnapshot({ player: aPlayer("ada"), rows: [], grants, isErased: true }));
    expect(await ledger()).toEqual({ g: ": granted" });
  });

  test("that follows a grant whose flush was on its way takes the name off its line too", async () => {
    const player = aPlayer("ada");
    await flush(aSnapshot({ player, grants: [aLine("g")] }));
    // The shard learns of that flush after the erasure, so that the line goes out once more.
    const again = [aLine("g", { isAnonymous: true })];
    await flush(aSnapshot({ player, rows: [], grants: again, isErased: true }));
    expect(await ledger()).toEqual({ g: ": granted" });
  });
});

test("what was granted stays granted: a claim of the same grant after an erasure does not reopen the line", async () => {
  const player = aPlayer("ada");
  await flush(aSnapshot({ player, grants: [aLine("g")] }));
  await flush(aSnapshot({ player, rows: [], isErased: true }));
  await flush(aSnapshot({ player, grants: [aLine("g", { state: "pending", grantedAt: null })] }));
  expect(await ledger()).toEqual({ g: ": granted" });
});

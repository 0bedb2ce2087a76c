import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { freshDatabase, type FreshDatabase } from "../../../dev/testing/fresh-database.ts";
import { queryDirectly } from "../../../dev/testing/query-directly.ts";
import { aRow } from "../../../test/support/builders.ts";
import { aLetter, anAttempt, aSnapshot } from "../../../test/support/flush-builders.ts";
import type { PlayerSnapshot, ShardStore } from "../../core/shard-store.ts";
import { connect } from "./connect.ts";
import { decodePayload } from "./letter-rows.ts";
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
  shard = `g1-900-${++shards}`;
  flushes = 0;
  await store.createFence(shard, "owner", 0);
});

afterAll(async () => {
  await fresh.drop();
});

function aPlayer(userId: string) {
  return { namespace: `arena-${shard}`, userId };
}

/** The next flush of these players; its number counts also when it is refused. */
async function flush(...players: PlayerSnapshot[]): Promise<boolean> {
  const fence = await store.readFence(shard);
  return store.flush(
    anAttempt({ shard, flush: ++flushes, previous: fence?.flush ?? 0, players, high: 99 }),
  );
}

function letters() {
  return queryDirectly(
    fresh.url,
    `SELECT user_id, applied::int, state, error, settled_at IS NOT NULL AS settled, encode(payload, 'base64') AS payload
     FROM dead_letter WHERE shard = $1 ORDER BY id`,
    [shard],
  );
}

describe("a dead letter", () => {
  test("comes back as it was written, with what no text of Postgres can hold", async () => {
    const odd = "nul \0, half a pair \ud800, quotes \"\\', ünicode ☃ 🎯";
    const draft = aLetter({ rows: [aRow({ goalId: odd, raw: 1e300 })] });
    await flush(aSnapshot({ player: aPlayer("ada"), applied: 7, rows: [], letters: [draft] }));
    const [letter] = await letters();
    expect(letter).toMatchObject({ user_id: "ada", applied: 7, state: "open", settled: false });
    const { error, ...payload } = draft;
    expect(letter?.["error"]).toBe(error);
    expect(decodePayload(String(letter?.["payload"]))).toEqual(payload);
  });

  test("counts for how far Postgres goes when the fence is lost, also above every row", async () => {
    expect(await store.highestApplied(shard)).toBe(0);
    await flush(aSnapshot({ player: aPlayer("ada"), applied: 5 }));
    expect(await store.highestApplied(shard)).toBe(5);
    await flush(aSnapshot({ player: aPlayer("bob"), applied: 9, rows: [], letters: [aLetter()] }));
    expect(await store.highestApplied(shard)).toBe(9);
  });

  test("is written together with the rows and the fence, or not at all", async () => {
    const part = aSnapshot({ player: aPlayer("ada"), letters: [aLetter()] });
    expect(await store.flush(anAttempt({ shard, epoch: 9, players: [part] }))).toBe(false);
    expect(await letters()).toEqual([]);
    expect(await flush(part)).toBe(true);
    expect(await letters()).toHaveLength(1);
    expect((await store.load(shard, [aPlayer("ada")])).rows).toHaveLength(1);
  });

  test("tells a load how far it goes, also for a player without a row, whatever became of it", async () => {
    const [ada, bob, cyd] = [aPlayer("ada"), aPlayer("bob"), aPlayer("cyd")];
    await flush(aSnapshot({ player: ada, applied: 3, rows: [], letters: [aLetter()] }));
    await flush(aSnapshot({ player: ada, applied: 5, rows: [], letters: [aLetter()] }));
    await flush(aSnapshot({ player: bob, applied: 4, letters: [aLetter()] }));
    await queryDirectly(
      fresh.url,
      "UPDATE dead_letter SET state = 'discarded', payload = '' WHERE applied = 5 AND shard = $1",
      [shard],
    );
    const { epoch, rows, marks } = await store.load(shard, [ada, bob, cyd]);
    expect([epoch, rows.length]).toEqual([1, 1]);
    expect(marks.toSorted((a, b) => b.applied - a.applied)).toEqual([
      { player: ada, applied: 5 },
      { player: bob, applied: 4 },
    ]);
    // Positions of another shard's journal mean nothing there, but that there are letters does.
    await store.createFence(`${shard}-other`, "owner", 0);
    expect((await store.load(`${shard}-other`, [ada, cyd])).marks).toEqual([
      { player: ada, applied: 0 },
    ]);
  });

  test("of an erased player keeps neither name nor content, but for what came after the erasure", async () => {
    const [ada, bob] = [aPlayer("ada"), aPlayer("bob")];
    await flush(aSnapshot({ player: bob, applied: 2, rows: [], letters: [aLetter()] }));
    await flush(aSnapshot({ player: ada, applied: 3, rows: [], letters: [aLetter()] }));
    const later = aLetter({ error: "later" });
    await flush(aSnapshot({ player: ada, applied: 5, isErased: true, rows: [], letters: [later] }));
    expect(await letters()).toMatchObject([
      { user_id: "bob", state: "open" },
      {
        user_id: "",
        state: "discarded",
        settled: true,
        payload: "",
        error: "The player was erased.",
      },
      { user_id: "ada", state: "open", error: "later" },
    ]);
  });
});

describe("a flush that Postgres refuses", () => {
  const nobodysFault = { isDefinite: true, isDataFault: false };
  const itsOwn = { isDefinite: true, isDataFault: true };

  test.each([
    { what: "a byte that text cannot hold", row: aRow({ goalId: "a\0b" }) },
    { what: "a number out of range", row: aRow({ round: 2 ** 31 }) },
    { what: "an instant out of range", row: aRow({ assignedAt: 1e18 }) },
  ])("for $what says that it is what the statement holds", async ({ row }) => {
    const part = aSnapshot({ player: aPlayer("ada"), rows: [row] });
    await expect(flush(part)).rejects.toMatchObject(itsOwn);
  });

  test("for a row that comes twice, or that a constraint forbids, says so too", async () => {
    const player = aPlayer("ada");
    const twice = aSnapshot({ player, rows: [aRow(), aRow()] });
    await expect(flush(twice)).rejects.toMatchObject(itsOwn);
    await queryDirectly(
      fresh.url,
      "ALTER TABLE user_goal_progress ADD CONSTRAINT no_thirteen CHECK (progress <> 13)",
      [],
    );
    const unlucky = aSnapshot({ player, rows: [aRow({ progress: 13 })] });
    await expect(flush(unlucky)).rejects.toMatchObject(itsOwn);
    await queryDirectly(
      fresh.url,
      "ALTER TABLE user_goal_progress DROP CONSTRAINT no_thirteen",
      [],
    );
    expect(await flush(unlucky)).toBe(true);
  });

  test("for a table that is gone says that it is not", async () => {
    const rename = (from: string, to: string) =>
      queryDirectly(fresh.url, `ALTER TABLE ${from} RENAME TO ${to}`, []);
    await rename("dead_letter", "gone");
    try {
      await expect(flush(aSnapshot())).rejects.toMatchObject(nobodysFault);
    } finally {
      await rename("gone", "dead_letter");
    }
  });
});

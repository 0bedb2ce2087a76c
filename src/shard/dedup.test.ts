import { describe, expect, test } from "vitest";

import { SimulatedSql } from "../../test/support/simulated-sql.ts";
import { Dedup } from "./dedup.ts";
import { encodeIds } from "./id-bytes.ts";
import type { FirstResult, TaggedId } from "./seen-table.ts";

const NONE: ReadonlyMap<string, FirstResult> = new Map();
const LIMITS = { maxIds: 5, seconds: 60 };

function idOf(number: number): string {
  return number.toString(16).padStart(32, "0");
}

/** Ids whose tag says whether their number is odd. */
function ids(from: number, to: number): TaggedId[] {
  return Array.from({ length: to - from + 1 }, (_, index) => {
    const number = from + index;
    return { id: idOf(number), tag: number % 2 };
  });
}

function known(dedup: Dedup, upTo: number): number[] {
  return ids(1, upTo)
    .map(({ id }, index) => (dedup.has(id) ? index + 1 : 0))
    .filter((number) => number > 0);
}

const initialized: FirstResult = { kind: "initialize", created: 2 };

function claimResult(grantId: string, claimedAt: number | null): FirstResult {
  const reward = { type: "ITEM", rewardId: "hat", quantity: 1 } as const;
  const status = claimedAt === null ? "pending" : "claimed";
  return { kind: "claim", status, goalId: "kills", period: null, reward, claimedAt, grantId };
}

describe("the window of taken ids", () => {
  test("keeps the newest ids by number, whole groups only", () => {
    const dedup = new Dedup(new SimulatedSql(), LIMITS);
    for (let group = 0; group < 4; group++) dedup.add(ids(group * 2 + 1, group * 2 + 2), NONE, 0);
    dedup.trim(0);
    expect(known(dedup, 8)).toEqual([3, 4, 5, 6, 7, 8]);
    dedup.add(ids(9, 14), NONE, 0);
    dedup.trim(0);
    expect(known(dedup, 14)).toEqual([9, 10, 11, 12, 13, 14]);
  });

  test("forgets by age, whatever the number", () => {
    const dedup = new Dedup(new SimulatedSql(), LIMITS);
    dedup.add(ids(1, 1), NONE, 1_000);
    dedup.add(ids(2, 2), NONE, 30_000);
    dedup.trim(61_000);
    expect(known(dedup, 2)).toEqual([1, 2]);
    dedup.trim(61_001);
    expect(known(dedup, 2)).toEqual([2]);
    dedup.trim(500_000);
    expect(known(dedup, 2)).toEqual([]);
  });

  test("survives a restart, trimmed as it was, and can be added to", () => {
    const sql = new SimulatedSql();
    const first = new Dedup(sql, LIMITS);
    for (let number = 1; number <= 8; number++) first.add(ids(number, number), NONE, 0);
    first.trim(0);
    const second = new Dedup(sql, LIMITS);
    expect(known(second, 8)).toEqual(known(first, 8));
    second.add(ids(9, 9), NONE, 0);
    second.trim(0);
    expect(known(new Dedup(sql, LIMITS), 9)).toEqual([5, 6, 7, 8, 9]);
  });

  test("takes an id again once it has left the window", () => {
    const sql = new SimulatedSql();
    const dedup = new Dedup(sql, LIMITS);
    dedup.add(ids(1, 1), new Map([[idOf(1), initialized]]), 0);
    dedup.trim(100_000);
    dedup.add(ids(1, 1), NONE, 100_000);
    expect(dedup.resultOf(idOf(1))).toBeUndefined();
    expect(known(new Dedup(sql, LIMITS), 1)).toEqual([1]);
  });
});

describe("the ids of a player", () => {
  test("are found by its tag, with the results among them, also after a restart", () => {
    const sql = new SimulatedSql();
    const dedup = new Dedup(sql, LIMITS);
    dedup.add(ids(1, 2), NONE, 0);
    dedup.add(ids(3, 5), new Map([[idOf(5), initialized]]), 0);
    dedup.add(ids(6, 6), NONE, 0);
    dedup.trim(0);
    for (const current of [dedup, new Dedup(sql, LIMITS)]) {
      const results = [{ id: idOf(5), result: initialized }];
      expect(current.ofPlayer(1)).toEqual({ ids: [idOf(1), idOf(3), idOf(5)], results });
      expect(current.ofPlayer(7)).toEqual({ ids: [], results: [] });
    }
  });

  test("are read from a storage of an earlier version, which knew no tags", () => {
    const sql = new SimulatedSql();
    sql.run(
      "CREATE TABLE seen (row INTEGER PRIMARY KEY, at INTEGER NOT NULL, ids BLOB NOT NULL, results TEXT)",
    );
    sql.run("INSERT INTO seen VALUES (1, 0, ?, NULL)", encodeIds([idOf(1)]));
    const dedup = new Dedup(sql, LIMITS);
    expect(dedup.has(idOf(1))).toBe(true);
    dedup.add(ids(3, 3), NONE, 0);
    expect(new Dedup(sql, LIMITS).ofPlayer(1).ids).toEqual([idOf(3)]);
  });
});

describe("the first result of a command", () => {
  test("is found by its id, also after others were dropped and after a restart", () => {
    const sql = new SimulatedSql();
    const dedup = new Dedup(sql, LIMITS);
    dedup.add(ids(1, 5), NONE, 0);
    dedup.add(ids(6, 8), new Map([[idOf(7), initialized]]), 0);
    dedup.add(ids(9, 9), NONE, 0);
    for (const current of [dedup, new Dedup(sql, LIMITS)]) {
      current.trim(0);
      expect(current.resultOf(idOf(7))).toEqual(initialized);
      expect(current.resultOf(idOf(6))).toBeUndefined();
      expect(current.resultOf(idOf(1))).toBeUndefined();
    }
  });

  test("of a pending claim is replaced for every id that was told so, and for no other", () => {
    const sql = new SimulatedSql();
    const dedup = new Dedup(sql, { maxIds: 100, seconds: 60 });
    dedup.add(
      ids(1, 2),
      new Map([
        [idOf(1), claimResult("g1", null)],
        [idOf(2), initialized],
      ]),
      0,
    );
    dedup.add(
      ids(3, 4),
      new Map([
        [idOf(3), claimResult("g1", null)],
        [idOf(4), claimResult("g2", null)],
      ]),
      0,
    );
    // An instance that restarts still knows who waits for which grant.
    const restarted = new Dedup(sql, { maxIds: 100, seconds: 60 });
    const claimed = claimResult("g1", 5);
    restarted.settleClaim("g1", claimed);
    for (const current of [restarted, new Dedup(sql, { maxIds: 100, seconds: 60 })]) {
      expect(current.resultOf(idOf(1))).toEqual(claimed);
      expect(current.resultOf(idOf(2))).toEqual(initialized);
      expect(current.resultOf(idOf(3))).toEqual(claimed);
      expect(current.resultOf(idOf(4))).toEqual(claimResult("g2", null));
    }
  });

  test("of a pending claim that left the window is not missed when the claim is settled", () => {
    const dedup = new Dedup(new SimulatedSql(), LIMITS);
    dedup.add(ids(1, 1), new Map([[idOf(1), claimResult("g1", null)]]), 0);
    dedup.trim(100_000);
    dedup.settleClaim("g1", initialized);
    expect(dedup.resultOf(idOf(1))).toBeUndefined();
  });
});

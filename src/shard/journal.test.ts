import { describe, expect, test } from "vitest";

import { anOperation } from "../../test/support/simulated-parts.ts";
import { SimulatedSql } from "../../test/support/simulated-sql.ts";
import type { GroupFacts } from "./journal-group.ts";
import { Journal } from "./journal.ts";

function facts(wish: Partial<GroupFacts> = {}): GroupFacts {
  return { at: 1_000, epoch: 1, catalogs: { default: { version: "v1", seq: 1 } }, ...wish };
}

function group(count: number, userId = "ada") {
  return Array.from({ length: count }, (_, index) => anOperation(`${userId}-${index}`));
}

function positions(journal: Journal): number[] {
  return [...journal.entries()].map((entry) => entry.position);
}

/** Groups of 2, 1 and 3 operations: positions 101–102, 103, 104–106. */
function threeGroups(sql: SimulatedSql, epoch: number | null = 1): Journal {
  const journal = new Journal(sql, 100);
  journal.append(group(2, "a"), facts({ epoch }));
  journal.append(group(1, "b"), facts({ epoch, at: 2_000 }));
  journal.append(group(3, "c"), facts({ epoch, at: 3_000 }));
  return journal;
}

describe("a journal", () => {
  test("gives positions from its floor on and every operation back with what its group shares", () => {
    const journal = threeGroups(new SimulatedSql());
    expect(positions(journal)).toEqual([101, 102, 103, 104, 105, 106]);
    expect(journal.last).toBe(106);
    expect([...journal.read([102, 104, 106])]).toMatchObject([
      { position: 102, at: 1_000, epoch: 1, player: { userId: "a-1" } },
      { position: 104, at: 3_000, player: { userId: "c-0" }, catalog: { version: "v1" } },
      { position: 106, operation: { kind: "initialize" } },
    ]);
  });

  test("says that it does not hold a position rather than skip it", () => {
    const journal = threeGroups(new SimulatedSql());
    journal.trim(103);
    expect(() => [...journal.read([103])]).toThrow("no operation at position 103");
    expect(() => [...journal.read([107])]).toThrow("no operation at position 107");
  });

  test("is the same after a restart, with its size, its ends and its catalogs", () => {
    const sql = new SimulatedSql();
    const journal = threeGroups(sql);
    journal.append(group(1), facts({ catalogs: { default: { version: "v2", seq: 2 } } }));
    journal.trim(101);
    const restarted = new Journal(sql, 100);
    expect([...restarted.entries()]).toEqual([...journal.entries()]);
    for (const property of ["last", "lastAt", "size", "oldestAt", "catalogVersions"] as const) {
      expect(restarted[property]).toEqual(journal[property]);
    }
    expect(restarted.catalogVersions).toEqual(new Set(["v1", "v2"]));
  });

  test("drops groups that are contained as a whole, and keeps one that is contained in part", () => {
    const sql = new SimulatedSql();
    const journal = threeGroups(sql);
    journal.trim(101);
    expect(positions(journal)).toHaveLength(6);
    journal.trim(104);
    for (const current of [journal, new Journal(sql, 100)]) {
      expect(positions(current)).toEqual([104, 105, 106]);
      expect(current.size.operations).toBe(3);
      expect(current.oldestAt).toBe(3_000);
    }
    journal.trim(106);
    expect(journal.size).toEqual({ operations: 0, bytes: 0 });
    expect(journal.oldestAt).toBeNull();
  });

  test("finds what it drops by the key, without reading the groups that stay", () => {
    const sql = new SimulatedSql();
    const journal = threeGroups(sql);
    const plans: unknown[] = [];
    sql.watch = (query, values) => {
      if (!query.startsWith("DELETE FROM journal ")) return;
      for (const { detail } of sql.all(`EXPLAIN QUERY PLAN ${query}`, ...values)) {
        plans.push(detail);
      }
    };
    journal.trim(103);
    expect(plans).toEqual([expect.stringMatching(/^SEARCH journal USING .*PRIMARY KEY/)]);
    expect(positions(journal)).toEqual([104, 105, 106]);
  });

  test("never gives a position or an arrival again, also when no group is left to tell of it", () => {
    const sql = new SimulatedSql();
    threeGroups(sql).trim(106);
    const restarted = new Journal(sql, 100);
    expect(restarted.last).toBe(106);
    expect(restarted.lastAt).toBe(3_000);
    expect(restarted.append(group(1), facts())).toBe(107);
  });

  test("writes nothing when a write fails", () => {
    const sql = new SimulatedSql();
    const journal = threeGroups(sql);
    sql.writeFails = () => true;
    expect(() => journal.append(group(1), facts())).toThrow("broken");
    expect(journal.last).toBe(106);
    expect(positions(journal)).toHaveLength(6);
  });
});

describe("groups that were accepted before the fence was claimed", () => {
  test("keep their positions when Postgres has seen none of them, and get the epoch", () => {
    const sql = new SimulatedSql();
    const journal = threeGroups(sql, null);
    journal.adopt(7, 100);
    for (const current of [journal, new Journal(sql, 100)]) {
      expect(positions(current)).toEqual([101, 102, 103, 104, 105, 106]);
      expect([...current.entries()].map((entry) => entry.epoch)).toEqual(Array(6).fill(7));
    }
  });

  test("move above everything that Postgres has seen, in order, and those with an epoch stay", () => {
    const sql = new SimulatedSql();
    const before = threeGroups(sql);
    const journal = new Journal(sql, 100);
    journal.append(group(2, "d"), facts({ epoch: null }));
    journal.append(group(1, "e"), facts({ epoch: null }));
    journal.adopt(2, 107);
    const moved = [101, 102, 103, 104, 105, 106, 110, 111, 112];
    for (const current of [journal, new Journal(sql, 100)]) {
      expect(positions(current)).toEqual(moved);
      expect([...current.read([104, 111, 112])].map((entry) => entry.player.userId)).toEqual([
        "c-0",
        "d-1",
        "e-0",
      ]);
      expect(current.last).toBe(112);
    }
    expect([...before.entries()].map((entry) => entry.epoch)).toEqual([1, 1, 1, 1, 1, 1, 2, 2, 2]);
  });

  test("are followed by positions above what Postgres has seen, also when there are none", () => {
    const sql = new SimulatedSql();
    const journal = new Journal(sql, 100);
    journal.adopt(3, 500);
    expect(new Journal(sql, 100).last).toBe(500);
    expect(journal.append(group(1), facts())).toBe(501);
  });

  test("are not adopted a second time by the next instance", () => {
    const sql = new SimulatedSql();
    threeGroups(sql, null).adopt(1, 100);
    const next = new Journal(sql, 100);
    next.adopt(2, 106);
    expect(positions(next)).toEqual([101, 102, 103, 104, 105, 106]);
    expect([...next.entries()][0]?.epoch).toBe(1);
  });
});

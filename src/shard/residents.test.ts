import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { aClaim, aPlayer, anEvent } from "../../test/support/player-builders.ts";
import { KILLS } from "../../test/support/simulated-parts.ts";
import type { Operation } from "../core/operation.ts";
import { Resident } from "./resident.ts";
import { Residents } from "./residents.ts";

const CONTEXT = { catalog: KILLS, at: 1_000 };
const kill: Operation = { kind: "event", event: anEvent({ inc: 1 }) };
const noop: Operation = { kind: "event", event: anEvent({ statCode: "jumps" }) };
const of = { challengeId: "first-steps", goalId: "kills", claim: aClaim() };
const claimStarted: Operation = { kind: "claim-started", ...of };
const claimGranted: Operation = { kind: "claim-granted", ...of, attempts: 1 };

/** Players in memory with a journal of positions. */
class Memory {
  readonly residents: Residents;
  #position = 0;

  constructor(bytesMax: number) {
    this.residents = new Residents(bytesMax);
  }

  add(userId: string, ...operations: readonly Operation[]): Resident {
    const resident = new Resident(aPlayer({ userId }));
    this.residents.add(resident);
    this.apply(resident, ...operations);
    return resident;
  }

  apply(resident: Resident, ...operations: readonly Operation[]): void {
    for (const operation of operations) {
      const change = resident.prepare(operation, CONTEXT);
      this.residents.commit(resident, change, ++this.#position);
    }
  }

  /** A clean player. */
  stored(userId: string, ...operations: readonly Operation[]): Resident {
    const resident = this.add(userId, ...operations);
    this.residents.stored(resident.name, Infinity);
    return resident;
  }

  has(...residents: readonly Resident[]): boolean[] {
    return residents.map(({ name }) => this.residents.has(name));
  }
}

describe("eviction", () => {
  test("lets the least recently used go first, and no more than it must", () => {
    const memory = new Memory(2_500);
    const [ada, bob, cyd] = ["ada", "bob", "cyd"].map((userId) => memory.stored(userId, kill));
    if (ada === undefined || bob === undefined || cyd === undefined) throw new Error("missing");
    memory.residents.get(ada.name);
    expect(memory.residents.evict()).toBe(1);
    expect(memory.has(ada, bob, cyd)).toEqual([true, false, true]);
    expect(memory.residents.evict()).toBe(0);
  });

  test("never takes a player whom Postgres does not have as it is, who is relied on, or who has a claim open", () => {
    const memory = new Memory(1);
    const dirty = memory.add("dirty", kill);
    const dirtyWithoutRows = memory.add("dirty-without-rows", noop);
    const pinned = memory.stored("pinned", kill);
    pinned.pins++;
    const claiming = memory.stored("claiming", kill, claimStarted);
    const clean = memory.stored("clean", kill);
    const all = [dirty, dirtyWithoutRows, pinned, claiming, clean];
    expect(memory.residents.evict()).toBe(1);
    expect(memory.has(...all)).toEqual([true, true, true, true, false]);
    pinned.pins--;
    memory.apply(claiming, claimGranted);
    for (const { name } of all) memory.residents.stored(name, Infinity);
    expect(memory.residents.evict()).toBe(4);
    expect(memory.residents).toMatchObject({ size: 0, bytes: 0, dirtyBytes: 0, dirtyCount: 0 });
  });
});

describe("a player in memory", () => {
  test("stays dirty for what came after the attempt that Postgres confirmed", () => {
    const memory = new Memory(1);
    const ada = memory.add("ada", kill, kill);
    const attempted = ada.snapshot();
    memory.apply(ada, kill);
    memory.residents.stored(ada.name, attempted.applied);
    expect(ada.dirtySince).toBe(3);
    expect(ada.snapshot()).toMatchObject({ applied: 3, rows: [{ progress: 3 }], grants: [] });
    memory.residents.stored(ada.name, 3);
    expect(ada.dirtySince).toBeNull();
    expect(ada.snapshot().rows).toEqual([]);
  });

  test("is flushed with ledger lines until these are stored", () => {
    const memory = new Memory(1);
    const ada = memory.add("ada", kill, claimStarted);
    memory.residents.stored(ada.name, 1);
    expect(ada.snapshot().grants).toMatchObject([{ grantId: "grant-1", state: "pending" }]);
    memory.apply(ada, claimGranted);
    memory.residents.stored(ada.name, 2);
    expect(ada.snapshot().grants).toMatchObject([{ grantId: "grant-1", state: "granted" }]);
    memory.residents.stored(ada.name, 3);
    expect(ada.snapshot().grants).toEqual([]);
  });

  test("takes positions only from rows that its own shard wrote", () => {
    const memory = new Memory(1);
    const row = memory.add("bob", kill).view.rows[0];
    if (row === undefined) throw new Error("missing");
    const ada = new Resident(aPlayer());
    ada.install({ player: ada.player, row, shard: "g1-8-0", applied: 900 }, "g2-8-0");
    expect(ada.applied).toBe(0);
    ada.install({ player: ada.player, row, shard: "g2-8-0", applied: 70 }, "g2-8-0");
    expect(ada.applied).toBe(70);
  });
});

type Act = readonly ["commit" | "noop" | "erase" | "store" | "evict" | "load", number, number];

const anyAct: fc.Arbitrary<Act> = fc.tuple(
  fc.constantFrom("commit", "commit", "noop", "erase", "store", "evict", "load"),
  fc.nat({ max: 4 }),
  fc.nat({ max: 30 }),
);

test("the books on memory and dirt agree with the players, whatever happens", () => {
  fc.assert(
    fc.property(fc.array(anyAct, { maxLength: 80 }), fc.nat({ max: 5_000 }), (acts, bytesMax) => {
      const memory = new Memory(bytesMax);
      const { residents } = memory;
      const players = new Map<number, Resident>();
      for (const [what, player, applied] of acts) {
        const resident = players.get(player);
        const isIn = resident !== undefined && residents.has(resident.name);
        if (what === "evict") residents.evict();
        else if (!isIn) players.set(player, memory.add(String(player)));
        else if (what === "commit") memory.apply(resident, kill);
        else if (what === "noop") memory.apply(resident, noop);
        else if (what === "erase") memory.apply(resident, { kind: "erase" });
        else if (what === "store") residents.stored(resident.name, applied);
      }
      const present = [...players.values()].filter(({ name }) => residents.has(name));
      const dirty = present.filter((resident) => resident.dirtySince !== null);
      const bytes = (of: Resident[]) => of.reduce((sum, resident) => sum + resident.bytes, 0);
      expect(residents.bytes).toBe(bytes(present));
      expect(residents.dirtyBytes).toBe(bytes(dirty));
      expect(residents.dirtyCount).toBe(dirty.length);
      const since = residents.dirtyOldestFirst().map((resident) => resident.dirtySince ?? 0);
      expect(since).toEqual(since.toSorted((a, b) => a - b));
    }),
  );
});

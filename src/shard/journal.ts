import type { CatalogPointer } from "../core/catalog.ts";
import type { Operation } from "../core/operation.ts";
import type { PlayerKey } from "../core/player.ts";
import { numberOf, type Sql, textOf } from "./sql.ts";

/** An operation with the player it belongs to, before it has a position. */
export interface PlayerOperation {
  readonly player: PlayerKey;
  readonly operation: Operation;
}

/** What all operations of one group share: all that a replay needs to give the same result again. */
export interface GroupFacts {
  /** Arrival at the shard, epoch milliseconds; never decreases. */
  readonly at: number;
  /** The epoch in which the group was accepted; null before the fence was claimed. */
  readonly epoch: number | null;
  /** The active catalog of each namespace in the group. */
  readonly catalogs: Readonly<Record<string, CatalogPointer>>;
}

/** An operation as the journal gives it back. */
export interface JournalEntry extends PlayerOperation {
  readonly position: number;
  readonly at: number;
  readonly epoch: number | null;
  readonly catalog: CatalogPointer;
}

/** How much the journal holds. */
export interface JournalSize {
  readonly operations: number;
  readonly bytes: number;
}

interface StoredGroup {
  readonly at: number;
  readonly catalogs: Readonly<Record<string, CatalogPointer>>;
  readonly players: readonly (readonly [string, string])[];
  readonly operations: readonly (readonly [number, Operation])[];
}

interface GroupIndex {
  first: number;
  readonly count: number;
  readonly bytes: number;
  readonly at: number;
  epoch: number | null;
}

/**
 * The shard's write-ahead log: append-only groups of operations with positions that are never given twice.
 *
 * An operation stays until a flush says that Postgres contains it. The index of groups is kept in memory, the operations
 * are not.
 */
export class Journal {
  readonly #sql: Sql;
  #groups: GroupIndex[] = [];
  #operations = 0;
  #bytes = 0;
  #last: number;

  /** `floor`: no position at or below it is given. */
  constructor(sql: Sql, floor: number) {
    this.#sql = sql;
    sql.run(
      `CREATE TABLE IF NOT EXISTS journal (
         first INTEGER PRIMARY KEY, count INTEGER NOT NULL, at INTEGER NOT NULL, epoch INTEGER, body TEXT NOT NULL)`,
    );
    sql.run(
      "CREATE TABLE IF NOT EXISTS journal_last (one INTEGER PRIMARY KEY, last INTEGER NOT NULL)",
    );
    this.#last = floor;
    for (const row of sql.all("SELECT last FROM journal_last")) {
      this.#last = Math.max(this.#last, numberOf(row, "last"));
    }
    const groups = sql.all(
      "SELECT first, count, at, epoch, length(body) AS bytes FROM journal ORDER BY first",
    );
    for (const row of groups) {
      const epoch = row["epoch"];
      this.#index({
        first: numberOf(row, "first"),
        count: numberOf(row, "count"),
        bytes: numberOf(row, "bytes"),
        at: numberOf(row, "at"),
        epoch: typeof epoch === "number" ? epoch : null,
      });
    }
  }

  /** The highest position ever given. */
  get last(): number {
    return this.#last;
  }

  get size(): JournalSize {
    return { operations: this.#operations, bytes: this.#bytes };
  }

  /** Arrival of the oldest group; null when the journal is empty. */
  get oldestAt(): number | null {
    return this.#groups[0]?.at ?? null;
  }

  /** Arrival of the newest group; null when the journal is empty. */
  get newestAt(): number | null {
    return this.#groups.at(-1)?.at ?? null;
  }

  /** Appends one group; its operations get the positions from the returned one on. Throws when the write fails. */
  append(operations: readonly PlayerOperation[], facts: GroupFacts): number {
    const body = encodeGroup(operations, facts);
    const first = this.#last + 1;
    const { at, epoch } = facts;
    this.#sql.run(
      "INSERT INTO journal (first, count, at, epoch, body) VALUES (?, ?, ?, ?, ?)",
      first,
      operations.length,
      at,
      epoch,
      body,
    );
    this.#index({ first, count: operations.length, bytes: body.length, at, epoch });
    return first;
  }

  /** All operations in order of position. */
  *entries(): Iterable<JournalEntry> {
    for (const row of this.#sql.all("SELECT first, epoch, body FROM journal ORDER BY first")) {
      yield* decodeGroup(row);
    }
  }

  /** The operations at these positions, ascending; a group is read once, however many of them it holds. */
  *read(positions: readonly number[]): Iterable<JournalEntry> {
    let next = 0;
    while (next < positions.length) {
      const group = this.#groupOf(positions[next] ?? 0);
      const wanted = new Set<number>();
      for (
        ;
        next < positions.length && (positions[next] ?? 0) < group.first + group.count;
        next++
      ) {
        wanted.add(positions[next] ?? 0);
      }
      const query = "SELECT first, epoch, body FROM journal WHERE first = ?";
      for (const row of this.#sql.all(query, group.first)) {
        for (const entry of decodeGroup(row)) if (wanted.has(entry.position)) yield entry;
      }
    }
  }

  /** Drops the groups of which Postgres contains every operation; a group that it contains in part stays whole. */
  trim(upto: number): void {
    let dropped = 0;
    for (const group of this.#groups) {
      if (group.first + group.count - 1 > upto) break;
      this.#operations -= group.count;
      this.#bytes -= group.bytes;
      dropped++;
    }
    if (dropped === 0) return;
    this.#groups = this.#groups.slice(dropped);
    // Positions are never given twice, so the last one must outlive its group.
    this.#sql.run("INSERT OR REPLACE INTO journal_last (one, last) VALUES (1, ?)", this.#last);
    this.#sql.run("DELETE FROM journal WHERE first + count - 1 <= ?", upto);
  }

  /**
   * Gives every group without an epoch this one, and a position above `floor` if one of them is not above it already.
   *
   * Such groups were accepted before the fence was claimed, when it was not known which positions Postgres had seen.
   */
  adopt(epoch: number, floor: number): void {
    const pending = this.#groups.filter((group) => group.epoch === null);
    const settled = this.#groups.filter((group) => group.epoch !== null);
    const firstPending = pending[0];
    if (firstPending !== undefined && firstPending.first <= floor) {
      const lastSettled = settled.at(-1);
      const settledEnd = lastSettled === undefined ? 0 : lastSettled.first + lastSettled.count - 1;
      this.#renumber(pending, Math.max(floor, settledEnd, this.#last) + 1);
    }
    this.#last = Math.max(this.#last, floor);
    for (const group of pending) group.epoch = epoch;
    this.#sql.run("UPDATE journal SET epoch = ? WHERE epoch IS NULL", epoch);
    this.#sql.run("INSERT OR REPLACE INTO journal_last (one, last) VALUES (1, ?)", this.#last);
  }

  /** Upwards to positions that were never given, so that no two rows ever meet; in order, so that order stays. */
  #renumber(groups: readonly GroupIndex[], start: number): void {
    let first = start;
    for (const group of groups) {
      this.#sql.run("UPDATE journal SET first = ? WHERE first = ?", first, group.first);
      group.first = first;
      first += group.count;
    }
    this.#last = first - 1;
  }

  #index(group: GroupIndex): void {
    this.#groups.push(group);
    this.#operations += group.count;
    this.#bytes += group.bytes;
    this.#last = Math.max(this.#last, group.first + group.count - 1);
  }

  #groupOf(position: number): GroupIndex {
    let low = 0;
    let high = this.#groups.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const group = this.#groups[middle];
      if (group === undefined) break;
      if (position < group.first) high = middle - 1;
      else if (position >= group.first + group.count) low = middle + 1;
      else return group;
    }
    throw new Error(`The journal holds no operation at position ${position}.`);
  }
}

function encodeGroup(operations: readonly PlayerOperation[], facts: GroupFacts): string {
  const players: [string, string][] = [];
  const indexes = new Map<PlayerKey, number>();
  const encoded = operations.map(({ player, operation }): [number, Operation] => {
    let index = indexes.get(player);
    if (index === undefined) {
      index = players.push([player.namespace, player.userId]) - 1;
      indexes.set(player, index);
    }
    return [index, operation];
  });
  const group: StoredGroup = {
    at: facts.at,
    catalogs: facts.catalogs,
    players,
    operations: encoded,
  };
  return JSON.stringify(group);
}

function* decodeGroup(
  row: Record<string, unknown> & Parameters<typeof numberOf>[0],
): Iterable<JournalEntry> {
  const first = numberOf(row, "first");
  const epoch = row["epoch"] === null ? null : numberOf(row, "epoch");
  const group: StoredGroup = JSON.parse(textOf(row, "body"));
  const keys = group.players.map(([namespace, userId]): PlayerKey => ({ namespace, userId }));
  for (const [offset, [index, operation]] of group.operations.entries()) {
    const player = keys[index];
    const catalog = player === undefined ? undefined : group.catalogs[player.namespace];
    if (player === undefined || catalog === undefined) {
      throw new Error(`The journal's group ${first} is damaged.`);
    }
    yield { position: first + offset, at: group.at, epoch, player, operation, catalog };
  }
}

import {
  decodeGroup,
  encodeGroup,
  type GroupFacts,
  type JournalEntry,
  type PlayerOperation,
  versionsOf,
} from "./journal-group.ts";
import {
  type GroupIndex,
  JournalIndex,
  type JournalSize,
  lastOf,
  readGroupIndex,
} from "./journal-index.ts";
import { numberOf, type Sql } from "./sql.ts";

/** A group got other positions: those of its first operation before and after. */
export interface GroupMove {
  readonly from: number;
  readonly to: number;
}

/**
 * The shard's write-ahead log: append-only groups of operations with positions that are never given twice.
 *
 * An operation stays until a flush says that Postgres contains it. The index of groups is kept in memory, the operations
 * are not.
 */
export class Journal {
  readonly #sql: Sql;
  readonly #index = new JournalIndex();
  #last: number;
  #lastAt = 0;

  /** `floor`: no position at or below it is given. */
  constructor(sql: Sql, floor: number) {
    this.#sql = sql;
    sql.run(CREATE_JOURNAL);
    sql.run(CREATE_END);
    this.#last = floor;
    for (const row of sql.all("SELECT last, at FROM journal_end")) {
      this.#last = Math.max(this.#last, numberOf(row, "last"));
      this.#lastAt = numberOf(row, "at");
    }
    for (const row of sql.all(SELECT_INDEX)) this.#add(readGroupIndex(row));
  }

  /** The highest position ever given. */
  get last(): number {
    return this.#last;
  }

  /** Arrival of the newest group ever appended, also when it is gone; 0 before the first. */
  get lastAt(): number {
    return this.#lastAt;
  }

  get size(): JournalSize {
    return this.#index.size;
  }

  /** Arrival of the oldest group; null when the journal is empty. */
  get oldestAt(): number | null {
    return this.#index.oldestAt;
  }

  /** Arrival of the operation at a position; null when the journal does not hold it any more. */
  arrivalOf(position: number): number | null {
    return this.#index.arrivalOf(position);
  }

  /** The catalog versions that a replay of the journal needs. */
  get catalogVersions(): ReadonlySet<string> {
    return this.#index.versions;
  }

  /** Whether the operation at this position is here still. */
  holds(position: number): boolean {
    return this.#index.find(position) !== undefined;
  }

  /** Appends one group; its operations get the positions from the returned one on. Throws when the write fails. */
  append(operations: readonly PlayerOperation[], { at, epoch, catalogs }: GroupFacts): number {
    const first = this.#last + 1;
    const count = operations.length;
    const body = encodeGroup(operations);
    this.#sql.run(INSERT_GROUP, first, count, at, epoch, JSON.stringify(catalogs), body);
    const versions = versionsOf(catalogs);
    this.#add({ first, count, bytes: body.length, at, epoch, versions });
    return first;
  }

  /** Lets no group arrive before this instant: what another shard took of a player came first. Throws when the write fails. */
  notBefore(at: number): void {
    if (at <= this.#lastAt) return;
    this.#lastAt = at;
    this.#keepEnd();
  }

  /** All operations in order of position. */
  *entries(): Iterable<JournalEntry> {
    for (const row of this.#sql.all(`${SELECT_GROUP} ORDER BY first`)) yield* decodeGroup(row);
  }

  /** The operations at these positions, ascending; a group is read once, however many of them it holds. */
  *read(positions: readonly number[]): Iterable<JournalEntry> {
    let next = 0;
    while (next < positions.length) {
      const group = this.#index.groupOf(positions[next] ?? 0);
      const wanted = new Set<number>();
      for (; next < positions.length && (positions[next] ?? 0) <= lastOf(group); next++) {
        wanted.add(positions[next] ?? 0);
      }
      for (const row of this.#sql.all(`${SELECT_GROUP} WHERE first = ?`, group.first)) {
        for (const entry of decodeGroup(row)) if (wanted.has(entry.position)) yield entry;
      }
    }
  }

  /** Drops the groups of which Postgres contains every operation; a group that it contains in part stays whole. */
  trim(upto: number): void {
    const last = this.#index.dropUpTo(upto);
    if (last === undefined) return;
    this.#keepEnd();
    // By the key: after an outage there are thousands of groups, and a flush a second must not read them all.
    this.#sql.run("DELETE FROM journal WHERE first <= ?", last.first);
  }

  /**
   * Gives every group without an epoch this one, and a position above `floor` if one of them is not above it already.
   *
   * Such groups were accepted before the fence was claimed, when it was not known which positions Postgres had seen. Answers
   * which of them stand elsewhere now.
   */
  adopt(epoch: number, floor: number): GroupMove[] {
    const pending = this.#index.withoutEpoch;
    const isBelow = (pending[0]?.first ?? Infinity) <= floor;
    this.#last = Math.max(this.#last, floor);
    const moves = isBelow ? this.#renumber(pending) : [];
    for (const group of pending) group.epoch = epoch;
    this.#sql.run("UPDATE journal SET epoch = ? WHERE epoch IS NULL", epoch);
    this.#keepEnd();
    return moves;
  }

  /** Upwards to positions that were never given, so that no two rows ever meet; in order, so that order stays. */
  #renumber(groups: readonly GroupIndex[]): GroupMove[] {
    const moves: GroupMove[] = [];
    for (const group of groups) {
      const first = this.#last + 1;
      this.#sql.run("UPDATE journal SET first = ? WHERE first = ?", first, group.first);
      moves.push({ from: group.first, to: first });
      group.first = first;
      this.#last = lastOf(group);
    }
    return moves;
  }

  #add(group: GroupIndex): void {
    this.#index.add(group);
    this.#last = Math.max(this.#last, lastOf(group));
    this.#lastAt = Math.max(this.#lastAt, group.at);
  }

  /** Positions are never given twice and arrival never decreases: both must outlive their group. */
  #keepEnd(): void {
    const query = "INSERT OR REPLACE INTO journal_end (one, last, at) VALUES (1, ?, ?)";
    this.#sql.run(query, this.#last, this.#lastAt);
  }
}

const CREATE_JOURNAL = `
  CREATE TABLE IF NOT EXISTS journal (
    first INTEGER PRIMARY KEY, count INTEGER NOT NULL, at INTEGER NOT NULL, epoch INTEGER,
    catalogs TEXT NOT NULL, body TEXT NOT NULL)`;
const CREATE_END =
  "CREATE TABLE IF NOT EXISTS journal_end (one INTEGER PRIMARY KEY, last INTEGER NOT NULL, at INTEGER NOT NULL)";
const INSERT_GROUP =
  "INSERT INTO journal (first, count, at, epoch, catalogs, body) VALUES (?, ?, ?, ?, ?, ?)";
const SELECT_GROUP = "SELECT first, at, epoch, catalogs, body FROM journal";
const SELECT_INDEX =
  "SELECT first, count, at, epoch, catalogs, length(body) AS bytes FROM journal ORDER BY first";

import type { Failure } from "../core/errors.ts";
import type { CommandResult } from "../core/operation.ts";
import { decodeIds, decodeTags, encodeIds, encodeTags } from "./id-bytes.ts";
import { bytesOf, ensureColumn, numberOf, type Sql, type SqlValue, textOf } from "./sql.ts";

/** What a command was answered with; a repeat gets the same. */
export type FirstResult = CommandResult | { readonly kind: "refused"; readonly failure: Failure };

/** An operation's id with its player's tag; see `playerTag`. */
export interface TaggedId {
  readonly id: string;
  readonly tag: number;
}

/** The ids of one group, the results of its commands, and when it was taken: epoch milliseconds of the real clock. */
interface SeenRow {
  readonly row: number;
  readonly at: number;
  readonly ids: readonly TaggedId[];
}

/** The window of ids as the object's SQLite holds it: one row per group. Everything here throws when the storage does. */
export class SeenTable {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
    sql.run(
      "CREATE TABLE IF NOT EXISTS seen (row INTEGER PRIMARY KEY, at INTEGER NOT NULL, ids BLOB NOT NULL, results TEXT)",
    );
    ensureColumn(sql, "seen", "tags", "BLOB");
    ensureColumn(sql, "seen", "first", "INTEGER");
    ensureColumn(sql, "seen", "operations", "INTEGER");
  }

  /** All groups, oldest first. */
  *rows(): Iterable<SeenRow> {
    for (const row of this.#sql.all("SELECT row, at, ids, tags FROM seen ORDER BY row")) {
      const tags = row["tags"] === null ? [] : decodeTags(bytesOf(row, "tags"));
      const ids = decodeIds(bytesOf(row, "ids")).map((id, index) => ({
        id,
        tag: tags[index] ?? 0,
      }));
      yield { row: numberOf(row, "row"), at: numberOf(row, "at"), ids };
    }
  }

  /** The results of the groups in which a claim was told "pending". */
  *pendingResults(): Iterable<readonly [string, FirstResult]> {
    const query = `SELECT results FROM seen WHERE instr(results, '"status":"pending"') > 0`;
    for (const row of this.#sql.all(query)) yield* decodeResults(row["results"]);
  }

  /** `place`: where the group's operations stand in the journal; null when it has none. */
  insert(
    { row, at, ids }: SeenRow,
    results: ReadonlyMap<string, FirstResult>,
    place: { readonly first: number; readonly operations: number } | null,
  ): void {
    this.#sql.run(
      "INSERT INTO seen (row, at, ids, tags, results, first, operations) VALUES (?, ?, ?, ?, ?, ?, ?)",
      row,
      at,
      encodeIds(ids.map(({ id }) => id)),
      encodeTags(ids.map(({ tag }) => tag)),
      results.size === 0 ? null : JSON.stringify([...results]),
      place?.first ?? null,
      place?.operations ?? null,
    );
  }

  /** The results of one group's commands, by id. */
  resultsOf(row: number): ReadonlyMap<string, FirstResult> {
    for (const found of this.#sql.all("SELECT results FROM seen WHERE row = ?", row)) {
      return decodeResults(found["results"]);
    }
    return new Map();
  }

  setResult(row: number, id: string, result: FirstResult): void {
    const results = new Map(this.resultsOf(row)).set(id, result);
    this.#sql.run("UPDATE seen SET results = ? WHERE row = ?", JSON.stringify([...results]), row);
  }

  deleteUpTo(row: number): void {
    this.#sql.run("DELETE FROM seen WHERE row <= ?", row);
  }
}

function decodeResults(text: SqlValue | undefined): ReadonlyMap<string, FirstResult> {
  if (text === null || text === undefined) return new Map();
  const entries: [string, FirstResult][] = JSON.parse(textOf({ results: text }, "results"));
  return new Map(entries);
}

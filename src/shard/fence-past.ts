import { numberOf, type Sql } from "./sql.ts";

/** A place of the journal, and when the operation there arrived, epoch milliseconds. */
interface Arrival {
  readonly upto: number;
  readonly at: number;
}

/** Entries lie at least this far apart: to the minute is enough to say what a restored Postgres lacks, and each costs a write. */
const ENTRIES_APART_MS = 60_000;
/** Older entries go: Neon's longest point-in-time history is 30 days. */
const ENTRIES_AGE_MAX_MS = 30 * 86_400_000;

/** How far Postgres contained the journal at which instants; so that a fence that is set back tells what is lost. */
export class FencePast {
  readonly #sql: Sql;
  #newest: Arrival | null = null;

  constructor(sql: Sql) {
    this.#sql = sql;
    sql.run(
      "CREATE TABLE IF NOT EXISTS fence_past (upto INTEGER PRIMARY KEY, at INTEGER NOT NULL)",
    );
    const query = "SELECT upto, at FROM fence_past ORDER BY upto DESC LIMIT 1";
    for (const row of sql.all(query)) this.#newest = readArrival(row);
  }

  /** Postgres contains everything up to a position, whose operation arrived then. Throws when the write fails. */
  note(upto: number, at: number): void {
    const newest = this.#newest;
    const isNear = newest !== null && (upto <= newest.upto || at < newest.at + ENTRIES_APART_MS);
    if (isNear) return;
    this.#sql.run("DELETE FROM fence_past WHERE at < ?", at - ENTRIES_AGE_MAX_MS);
    this.#sql.run("INSERT INTO fence_past (upto, at) VALUES (?, ?)", upto, at);
    this.#newest = { upto, at };
  }

  /** No operation above this position arrived before the answered instant; null when that is not known any more. */
  arrivalAtOrBelow(upto: number): number | null {
    return this.#one(
      "SELECT upto, at FROM fence_past WHERE upto <= ? ORDER BY upto DESC LIMIT 1",
      upto,
    );
  }

  /** No operation up to this position arrived after the answered instant; null when that is not known. */
  arrivalAtOrAbove(upto: number): number | null {
    return this.#one("SELECT upto, at FROM fence_past WHERE upto >= ? ORDER BY upto LIMIT 1", upto);
  }

  #one(query: string, upto: number): number | null {
    for (const row of this.#sql.all(query, upto)) return readArrival(row).at;
    return null;
  }
}

function readArrival(row: Parameters<typeof numberOf>[0]): Arrival {
  return { upto: numberOf(row, "upto"), at: numberOf(row, "at") };
}

import { decodeIds, decodeTags, encodeIds, encodeTags } from "./id-bytes.ts";
import type { GroupMove } from "./journal.ts";
import { bytesOf, numberOf, type Sql, type SqlValue, textOf } from "./sql.ts";

/** Positions above the one and up to the other. */
export interface Span {
  readonly above: number;
  readonly upto: number;
}

/** True of a position whose operation the shard still holds: what is there is not lost. */
export type Holds = (position: number) => boolean;

/** A row of the window with lost operations, and which of its ids are theirs. */
interface LostGroup {
  readonly row: Record<string, SqlValue>;
  readonly isLost: readonly boolean[];
}

/**
 * The ids of operations that a Postgres set back in time has lost, in the table of the dedup window.
 *
 * Changes SQLite alone: the window in memory is of the instance that ends with it.
 */
export class LostIds {
  readonly #sql: Sql;

  /** The table must be there: Dedup makes it. */
  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** How many ids of lost operations the window holds; without those of retries, which no game server can send again. */
  count(span: Span, holds: Holds, retries: ReadonlySet<string>): number {
    let lost = 0;
    for (const group of this.#groups(span, holds)) lost += resendable(group, retries);
    return lost;
  }

  /** Takes all of them out of the window, and answers as `count` does. Throws when the write fails. */
  forget(span: Span, holds: Holds, retries: ReadonlySet<string>): number {
    let lost = 0;
    // All read before the first is written: a cursor over rows that change is not to be trusted.
    const groups = Array.from(this.#groups(span, holds));
    for (const group of groups) {
      lost += resendable(group, retries);
      this.#keep(group.row, (index) => group.isLost[index] !== true);
    }
    return lost;
  }

  /** Groups of the journal stand at other positions now. Throws when the write fails. */
  moved(moves: readonly GroupMove[]): void {
    const [lowest] = moves;
    if (lowest === undefined) return;
    const query = "SELECT row, first FROM seen WHERE first >= ?";
    const rows = new Map(
      [...this.#sql.all(query, lowest.from)].map((row) => [numberOf(row, "first"), row]),
    );
    for (const { from, to } of moves) {
      const row = rows.get(from);
      if (row === undefined) continue;
      this.#sql.run("UPDATE seen SET first = ? WHERE row = ?", to, numberOf(row, "row"));
    }
  }

  *#groups({ above, upto }: Span, holds: Holds): Iterable<LostGroup> {
    const query = "SELECT row, ids, tags, results, first, operations FROM seen WHERE first <= ?";
    for (const row of this.#sql.all(query, upto)) {
      const first = numberOf(row, "first");
      const operations = numberOf(row, "operations");
      if (first + operations <= above) continue;
      const isLost = Array.from({ length: operations }, (_, index) => {
        const position = first + index;
        return position > above && position <= upto && !holds(position);
      });
      if (isLost.includes(true)) yield { row, isLost };
    }
  }

  #keep(row: Record<string, SqlValue>, isKept: (index: number) => boolean): void {
    const number = numberOf(row, "row");
    const all = decodeIds(bytesOf(row, "ids"));
    const ids = all.filter((_, index) => isKept(index));
    if (ids.length === 0) {
      this.#sql.run("DELETE FROM seen WHERE row = ?", number);
      return;
    }
    const tags = row["tags"] === null ? [] : decodeTags(bytesOf(row, "tags"));
    const kept = new Set(ids);
    const results = resultsIn(row).filter(([id]) => kept.has(id));
    // Positions cannot be told from what is left; none of it is lost.
    const query = "UPDATE seen SET ids = ?, tags = ?, results = ?, first = NULL WHERE row = ?";
    const keptTags = tags.filter((_, index) => isKept(index));
    const encoded = results.length === 0 ? null : JSON.stringify(results);
    this.#sql.run(query, encodeIds(ids), encodeTags(keptTags), encoded, number);
  }
}

function resendable({ row, isLost }: LostGroup, retries: ReadonlySet<string>): number {
  const ids = decodeIds(bytesOf(row, "ids"));
  return ids.filter((id, index) => isLost[index] === true && !retries.has(id)).length;
}

function resultsIn(row: Record<string, SqlValue>): [string, unknown][] {
  if (row["results"] === null) return [];
  const results: [string, unknown][] = JSON.parse(textOf(row, "results"));
  return results;
}

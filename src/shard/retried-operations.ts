import type { Holds, Span } from "./lost-ids.ts";
import { ensureColumn, numberOf, type Sql, textOf } from "./sql.ts";

/**
 * The ids of operations that were taken again from dead letters; kept for good, for a letter may be retried at any time,
 * when the window of ids has long forgotten the first time.
 *
 * Each stands with its position in the journal, so that a shard whose Postgres was set back can tell which are lost with it.
 * A retry needs its player in memory, thus the fence claimed: its position never changes.
 */
export class RetriedOperations {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
    sql.run("CREATE TABLE IF NOT EXISTS retried_operation (id TEXT PRIMARY KEY) WITHOUT ROWID");
    ensureColumn(sql, "retried_operation", "position", "INTEGER");
    ensureColumn(sql, "retried_operation", "letter_position", "INTEGER");
  }

  has(id: string): boolean {
    return [...this.#sql.all("SELECT 1 FROM retried_operation WHERE id = ?", id)].length > 0;
  }

  /**
   * Call it in the turn of the journal's write. `position`: where the operation stands in the journal, `letterPosition`: where
   * the one in the letter stood. Throws when the write fails.
   */
  note(id: string, position: number, letterPosition: number): void {
    const query =
      "INSERT OR IGNORE INTO retried_operation (id, position, letter_position) VALUES (?, ?, ?)";
    this.#sql.run(query, id, position, letterPosition);
  }

  /**
   * True of what the journal holds, and of what it holds a retry of: a letter may be lost while its retry is not, and what is
   * in it would count twice if it were sent again.
   */
  withRetried(span: Span, holds: Holds): Holds {
    const retried = new Set<number>();
    const survives: Holds = (position) => holds(position) || retried.has(position);
    // Retries of retries come first, for a retry stands above what it repeats.
    const query = `${SELECT_SPAN} ORDER BY position DESC`;
    for (const row of this.#sql.all(query, span.above, Number.MAX_SAFE_INTEGER)) {
      if (survives(numberOf(row, "position"))) retried.add(numberOf(row, "letter_position"));
    }
    return survives;
  }

  /** The ids of those in a span that do not survive. */
  lost({ above, upto }: Span, survives: Holds): ReadonlySet<string> {
    const lost = new Set<string>();
    for (const row of this.#sql.all(SELECT_SPAN, above, upto)) {
      if (!survives(numberOf(row, "position"))) lost.add(textOf(row, "id"));
    }
    return lost;
  }

  /** Lets these be taken again. Throws when the write fails. */
  forget(ids: ReadonlySet<string>): void {
    for (const id of ids) this.#sql.run("DELETE FROM retried_operation WHERE id = ?", id);
  }
}

const SELECT_SPAN =
  "SELECT id, position, letter_position FROM retried_operation WHERE position > ? AND position <= ?";

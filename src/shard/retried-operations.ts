import type { PlayerKey } from "../core/player.ts";
import type { Holds, Span } from "./lost-ids.ts";
import { playerTag } from "./resident.ts";
import { ensureColumn, numberOf, type Sql, textOf } from "./sql.ts";

/** An operation of a letter that was taken again. */
interface RetriedId {
  readonly id: string;
  readonly player: PlayerKey;
  /** Where it stands in the journal now, and where the one in the letter stood. */
  readonly position: number;
  readonly letterPosition: number;
}

/**
 * The ids of operations that were taken again from dead letters; kept for good, for a letter may be retried at any time,
 * when the window of ids has long forgotten the first time.
 *
 * Each stands with its position in the journal, so that a shard whose Postgres was set back can tell which are lost with it.
 * A retry needs its player in memory, thus the fence claimed: its position never changes. Those
 * that were taken in another shard have none here.
 */
export class RetriedOperations {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
    sql.run("CREATE TABLE IF NOT EXISTS retried_operation (id TEXT PRIMARY KEY) WITHOUT ROWID");
    ensureColumn(sql, "retried_operation", "position", "INTEGER");
    ensureColumn(sql, "retried_operation", "letter_position", "INTEGER");
    ensureColumn(sql, "retried_operation", "tag", "INTEGER");
    sql.run("CREATE INDEX IF NOT EXISTS retried_operation_tag ON retried_operation (tag)");
  }

  has(id: string): boolean {
    return [...this.#sql.all("SELECT 1 FROM retried_operation WHERE id = ?", id)].length > 0;
  }

  /** Call it in the turn of the journal's write. Throws when the write fails. */
  note({ id, player, position, letterPosition }: RetriedId): void {
    const query =
      "INSERT OR IGNORE INTO retried_operation (id, tag, position, letter_position) VALUES (?, ?, ?, ?)";
    this.#sql.run(query, id, playerTag(player), position, letterPosition);
  }

  /** A player's ids, for the shard that has it next; some of others, too, which do no harm there. */
  ofPlayer(player: PlayerKey): string[] {
    const query = "SELECT id FROM retried_operation WHERE tag = ? OR tag IS NULL";
    return [...this.#sql.all(query, playerTag(player))].map((row) => textOf(row, "id"));
  }

  /**
   * Takes over what an older shard gave of a player. An id that came with several players is nobody's in particular: it goes
   * on with each of them. Throws when the write fails.
   */
  take(player: PlayerKey, ids: readonly string[]): void {
    const query = `INSERT INTO retried_operation (id, tag) VALUES (?, ?)
      ON CONFLICT (id) DO UPDATE SET tag = NULL WHERE tag <> excluded.tag`;
    for (const id of ids) this.#sql.run(query, id, playerTag(player));
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

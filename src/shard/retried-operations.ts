import type { Sql } from "./sql.ts";

/**
 * The ids of operations that were taken again from dead letters; kept for good, for a letter may be retried at any time,
 * when the window of ids has long forgotten the first time.
 */
export class RetriedOperations {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
    sql.run("CREATE TABLE IF NOT EXISTS retried_operation (id TEXT PRIMARY KEY) WITHOUT ROWID");
  }

  has(id: string): boolean {
    return [...this.#sql.all("SELECT 1 FROM retried_operation WHERE id = ?", id)].length > 0;
  }

  /** Call it in the turn of the journal's write. Throws when the write fails. */
  note(id: string): void {
    this.#sql.run("INSERT OR IGNORE INTO retried_operation (id) VALUES (?)", id);
  }
}

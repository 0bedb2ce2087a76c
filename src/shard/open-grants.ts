import type { Operation } from "../core/operation.ts";
import { type Sql, textOf } from "./sql.ts";

/**
 * The ids of all grants that are started and not settled, in the shard's own SQLite.
 *
 * They tell a new instance, without asking Postgres, that the ledger holds a grant to resume.
 */
export class OpenGrants {
  readonly #sql: Sql;
  readonly #ids = new Set<string>();

  constructor(sql: Sql) {
    this.#sql = sql;
    sql.run("CREATE TABLE IF NOT EXISTS open_grant (grant_id TEXT PRIMARY KEY) WITHOUT ROWID");
    for (const row of sql.all("SELECT grant_id FROM open_grant")) {
      this.#ids.add(textOf(row, "grant_id"));
    }
  }

  get size(): number {
    return this.#ids.size;
  }

  /** Notes what a journaled operation does to grants; call it in the turn of the journal's write. Throws when the write fails. */
  note(operation: Operation): void {
    if (operation.kind === "claim-started") {
      const { grantId } = operation.claim;
      this.#sql.run("INSERT OR IGNORE INTO open_grant (grant_id) VALUES (?)", grantId);
      this.#ids.add(grantId);
    } else if (operation.kind === "claim-granted" || operation.kind === "claim-rejected") {
      const { grantId } = operation.claim;
      this.#sql.run("DELETE FROM open_grant WHERE grant_id = ?", grantId);
      this.#ids.delete(grantId);
    }
  }
}

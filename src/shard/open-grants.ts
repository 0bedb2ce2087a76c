import type { Operation } from "../core/operation.ts";
import type { PlayerKey } from "../core/player.ts";
import type { ClaimOfPlayer } from "./settlement-item.ts";
import { type Sql, textOf } from "./sql.ts";

/**
 * All grants that are started and not settled, with all that asking for them needs, in the shard's own SQLite.
 *
 * A new instance resumes them from here: without Postgres, and also when the player was erased meanwhile and no row tells
 * of the claim any more.
 */
export class OpenGrants {
  readonly #sql: Sql;
  readonly #claims = new Map<string, ClaimOfPlayer>();
  readonly #inherited = new Set<string>();

  constructor(sql: Sql) {
    this.#sql = sql;
    sql.run(
      "CREATE TABLE IF NOT EXISTS open_grant (grant_id TEXT PRIMARY KEY, claim TEXT NOT NULL) WITHOUT ROWID",
    );
    for (const row of sql.all("SELECT grant_id, claim FROM open_grant")) {
      const claim: ClaimOfPlayer = JSON.parse(textOf(row, "claim"));
      const grantId = textOf(row, "grant_id");
      this.#claims.set(grantId, claim);
      this.#inherited.add(grantId);
    }
  }

  get size(): number {
    return this.#claims.size;
  }

  /** Those that an earlier instance started, as far as they are still open. */
  inherited(): readonly ClaimOfPlayer[] {
    return [...this.#claims].flatMap(([grantId, claim]) =>
      this.#inherited.has(grantId) ? [claim] : [],
    );
  }

  /** Notes what a journaled operation does to grants; call it in the turn of the journal's write. Throws when the write fails. */
  note(player: PlayerKey, operation: Operation): void {
    if (operation.kind === "claim-started") {
      const { challengeId, goalId, claim } = operation;
      const open: ClaimOfPlayer = { player, challengeId, goalId, claim };
      this.#sql.run(
        "INSERT OR REPLACE INTO open_grant (grant_id, claim) VALUES (?, ?)",
        claim.grantId,
        JSON.stringify(open),
      );
      this.#claims.set(claim.grantId, open);
    } else if (operation.kind === "claim-granted" || operation.kind === "claim-rejected") {
      const { grantId } = operation.claim;
      this.#sql.run("DELETE FROM open_grant WHERE grant_id = ?", grantId);
      this.#claims.delete(grantId);
      // A claim that was rejected can be made again, and is this instance's own then.
      this.#inherited.delete(grantId);
    }
  }
}

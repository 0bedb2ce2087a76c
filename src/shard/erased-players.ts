import type { Digest } from "../core/claim.ts";
import type { Operation } from "../core/operation.ts";
import type { PlayerKey } from "../core/player.ts";
import { operationId } from "./operation-id.ts";
import type { Sql } from "./sql.ts";

/**
 * Which players were erased here once, by a hash of their name: nothing else of them is kept.
 *
 * What an erased player was paid stands in the ledger without the name. So before such a player is paid again, the ledger
 * is asked for the grant: paid once is paid once, also across an erasure.
 */
export class ErasedPlayers {
  readonly #sql: Sql;
  readonly #digest: Digest;

  constructor(sql: Sql, digest: Digest) {
    this.#sql = sql;
    this.#digest = digest;
    sql.run("CREATE TABLE IF NOT EXISTS erased_player (name TEXT PRIMARY KEY) WITHOUT ROWID");
  }

  has(player: PlayerKey): boolean {
    const query = "SELECT 1 FROM erased_player WHERE name = ?";
    return [...this.#sql.all(query, this.#nameOf(player))].length > 0;
  }

  /** Notes an erasure; call it in the turn of the journal's write. Throws when the write fails. */
  note(player: PlayerKey, operation: Operation): void {
    if (operation.kind === "erase") this.take(player);
  }

  /** Takes over what another shard knew. Throws when the write fails. */
  take(player: PlayerKey): void {
    this.#sql.run("INSERT OR IGNORE INTO erased_player (name) VALUES (?)", this.#nameOf(player));
  }

  #nameOf({ namespace, userId }: PlayerKey): string {
    return operationId(this.#digest, ["erased", namespace, userId]);
  }
}

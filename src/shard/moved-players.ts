import type { ShardLayout } from "./routing.ts";
import { numberOf, type Sql, textOf } from "./sql.ts";

/**
 * Players whom a shard of a newer generation has taken over, and where they are now; durable.
 *
 * This shard takes nothing more for them. What its journal still holds of one goes to Postgres as ever, and is *void* after
 * that: the new shard has the player's rows then, and nothing may be applied to them from here again.
 */
export class MovedPlayers {
  readonly #sql: Sql;
  #isEmpty = true;

  constructor(sql: Sql) {
    this.#sql = sql;
    sql.run(
      "CREATE TABLE IF NOT EXISTS moved_player (name TEXT PRIMARY KEY, layout TEXT NOT NULL, void INTEGER NOT NULL) WITHOUT ROWID",
    );
    for (const _ of sql.all("SELECT 1 FROM moved_player LIMIT 1")) this.#isEmpty = false;
  }

  /** Where the player is now; null for one who is still here. */
  layoutOf(name: string): ShardLayout | null {
    if (this.#isEmpty) return null;
    for (const row of this.#sql.all("SELECT layout FROM moved_player WHERE name = ?", name)) {
      const layout: ShardLayout = JSON.parse(textOf(row, "layout"));
      return layout;
    }
    return null;
  }

  has(name: string): boolean {
    return this.layoutOf(name) !== null;
  }

  /** True when whatever the journal holds of the player is in Postgres, and must not be applied again. */
  isVoid(name: string): boolean {
    if (this.#isEmpty) return false;
    for (const row of this.#sql.all("SELECT void FROM moved_player WHERE name = ?", name)) {
      return numberOf(row, "void") === 1;
    }
    return false;
  }

  /** Notes where the player went. Of two generations the newer one keeps it. Throws when the write fails. */
  note(name: string, layout: ShardLayout): void {
    const known = this.layoutOf(name);
    if (known !== null && known.generation >= layout.generation) return;
    this.#sql.run(
      "INSERT INTO moved_player (name, layout, void) VALUES (?, ?, 0) ON CONFLICT (name) DO UPDATE SET layout = excluded.layout",
      name,
      JSON.stringify(layout),
    );
    this.#isEmpty = false;
  }

  /** Throws when the write fails. */
  makeVoid(name: string): void {
    this.#sql.run("UPDATE moved_player SET void = 1 WHERE name = ?", name);
  }
}

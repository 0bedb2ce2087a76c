import { numberOf, type Sql, textOf } from "./sql.ts";

/** Players whom this shard took over from older generations, and what it still waits for; durable. */
export class ArrivedPlayers {
  readonly #sql: Sql;
  #waiting = 0;

  constructor(sql: Sql) {
    this.#sql = sql;
    sql.run(
      "CREATE TABLE IF NOT EXISTS arrived_player (name TEXT PRIMARY KEY, waits_for TEXT) WITHOUT ROWID",
    );
    const query = "SELECT count(*) AS waiting FROM arrived_player WHERE waits_for IS NOT NULL";
    for (const row of sql.all(query)) this.#waiting = numberOf(row, "waiting");
  }

  /** True once every older shard has handed the player over: this one may journal for it. */
  has(name: string): boolean {
    return [...this.#sql.all("SELECT 1 FROM arrived_player WHERE name = ?", name)].length > 0;
  }

  /** The older shards that still have something of the player to write; until they have, it must not be loaded. */
  waitsFor(name: string): readonly string[] {
    if (this.#waiting === 0) return [];
    const query = "SELECT waits_for FROM arrived_player WHERE name = ? AND waits_for IS NOT NULL";
    for (const row of this.#sql.all(query, name)) {
      const shards: string[] = JSON.parse(textOf(row, "waits_for"));
      return shards;
    }
    return [];
  }

  /** Throws when the write fails. */
  note(name: string, waitsFor: readonly string[]): void {
    const before = this.waitsFor(name).length > 0;
    const shards = waitsFor.length === 0 ? null : JSON.stringify(waitsFor);
    this.#sql.run(
      "INSERT OR REPLACE INTO arrived_player (name, waits_for) VALUES (?, ?)",
      name,
      shards,
    );
    this.#waiting += Number(waitsFor.length > 0) - Number(before);
  }
}

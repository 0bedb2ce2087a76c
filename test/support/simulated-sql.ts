import { DatabaseSync } from "node:sqlite";

import type { Sql, SqlValue } from "../../src/shard/sql.ts";

/**
 * A Durable Object's SQLite, in memory, which outlives the instances that use it.
 *
 * `snapshot` and `restore` stand for what point-in-time recovery of an object's storage does.
 */
export class SimulatedSql implements Sql {
  readonly #database = new DatabaseSync(":memory:");
  /** When set, every write throws it: a storage that is broken. */
  writeError: Error | null = null;

  run(query: string, ...values: SqlValue[]): void {
    if (this.writeError !== null) throw this.writeError;
    this.#database.prepare(query).run(...values.map(toSqlite));
  }

  all(query: string, ...values: SqlValue[]): Record<string, SqlValue>[] {
    const rows = this.#database.prepare(query).all(...values.map(toSqlite));
    return rows.map((row) =>
      Object.fromEntries(Object.entries(row).map(([name, value]) => [name, fromSqlite(value)])),
    );
  }
}

function toSqlite(value: SqlValue): string | number | null | Uint8Array {
  return value instanceof ArrayBuffer ? new Uint8Array(value) : value;
}

function fromSqlite(value: unknown): SqlValue {
  if (value === null || typeof value === "string" || typeof value === "number") return value;
  if (value instanceof Uint8Array) return new Uint8Array(value).buffer;
  throw new TypeError(`SQLite gave a ${typeof value}.`);
}

import type { Sql, SqlValue } from "./sql.ts";

/** The journal's SQLite port over the storage of a Durable Object. */
export class ObjectSql implements Sql {
  readonly #storage: SqlStorage;

  constructor(storage: SqlStorage) {
    this.#storage = storage;
  }

  run(query: string, ...values: SqlValue[]): void {
    this.#storage.exec(query, ...values);
  }

  all(query: string, ...values: SqlValue[]): Iterable<Record<string, SqlValue>> {
    return this.#storage.exec(query, ...values);
  }
}

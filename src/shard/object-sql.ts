import type { Sql, SqlValue } from "./sql.ts";

/** The journal's SQLite port over the storage of a Durable Object. */
export class ObjectSql implements Sql {
  readonly #storage: Pick<DurableObjectStorage, "sql" | "transactionSync">;

  constructor(storage: Pick<DurableObjectStorage, "sql" | "transactionSync">) {
    this.#storage = storage;
  }

  run(query: string, ...values: SqlValue[]): void {
    this.#storage.sql.exec(query, ...values);
  }

  all(query: string, ...values: SqlValue[]): Iterable<Record<string, SqlValue>> {
    return this.#storage.sql.exec(query, ...values);
  }

  atomically<T>(writes: () => T): T {
    return this.#storage.transactionSync(writes);
  }
}

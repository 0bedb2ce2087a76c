import { DatabaseSync, type StatementSync } from "node:sqlite";

import { type Sql, type SqlValue, textOf } from "../../src/shard/sql.ts";

/** Sees every write that became durable, in order. */
export type WriteWatcher = (query: string, values: readonly SqlValue[]) => void;

/**
 * A Durable Object's SQLite, in memory, which outlives the instances that use it.
 *
 * Usable as it is, or by leases: a new one ends the one before, as the platform takes the storage away from an old instance.
 */
export class SimulatedSql implements Sql {
  readonly #database = new DatabaseSync(":memory:");
  readonly #statements = new Map<string, StatementSync>();
  #lease = 0;
  #pending: (() => void)[] | null = null;
  /** Says which writes fail: a storage that is broken. */
  writeFails: (query: string) => boolean = () => false;
  watch: WriteWatcher = () => undefined;

  /** The storage as one instance sees it: every use throws once another instance has taken it over. */
  lease(): Sql {
    const own = ++this.#lease;
    const check = () => {
      if (own !== this.#lease) throw new Error("This instance no longer owns the storage.");
    };
    return {
      run: (query, ...values) => {
        check();
        this.run(query, ...values);
      },
      all: (query, ...values) => {
        check();
        return this.all(query, ...values);
      },
      atomically: (writes) => {
        check();
        return this.atomically(writes);
      },
    };
  }

  run(query: string, ...values: SqlValue[]): void {
    if (this.writeFails(query)) throw new Error(`The storage is broken: ${query}`);
    this.#prepare(query).run(...values.map(toSqlite));
    if (this.#pending === null) this.watch(query, values);
    else this.#pending.push(() => this.watch(query, values));
  }

  all(query: string, ...values: SqlValue[]): Record<string, SqlValue>[] {
    const rows = this.#prepare(query).all(...values.map(toSqlite));
    return rows.map((row) =>
      Object.fromEntries(Object.entries(row).map(([name, value]) => [name, fromSqlite(value)])),
    );
  }

  atomically<T>(writes: () => T): T {
    if (this.#pending !== null) return writes();
    this.#pending = [];
    this.#database.exec("BEGIN");
    try {
      const result = writes();
      this.#database.exec("COMMIT");
      const durable = this.#pending;
      this.#pending = null;
      for (const tell of durable) tell();
      return result;
    } catch (error) {
      this.#pending = null;
      this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  /** Keeps what is stored now. The returned function sets the storage back to it, as point-in-time recovery does. */
  snapshot(): () => void {
    const tables = this.all("SELECT name FROM sqlite_master WHERE type = 'table'");
    const kept = tables.map((table) => {
      const name = textOf(table, "name");
      return { name, rows: this.all(`SELECT * FROM ${name}`) };
    });
    return () => {
      for (const { name, rows } of kept) {
        this.#prepare(`DELETE FROM ${name}`).run();
        for (const row of rows) {
          const places = Object.keys(row).map(() => "?");
          const insert = this.#prepare(`INSERT INTO ${name} VALUES (${places.join(", ")})`);
          insert.run(...Object.values(row).map(toSqlite));
        }
      }
    };
  }

  #prepare(query: string): StatementSync {
    const known = this.#statements.get(query);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(query);
    this.#statements.set(query, statement);
    return statement;
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

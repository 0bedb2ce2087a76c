/** A value that SQLite takes and gives. */
export type SqlValue = string | number | null | ArrayBuffer;

/**
 * The shard's own SQLite, as its journal sees it: synchronous, and durable before any answer leaves (the platform's
 * output gate). Writes without an await between them are one atomic transaction.
 *
 * Implemented by the Durable Object's storage, and by `node:sqlite` in tests.
 */
export interface Sql {
  run(query: string, ...values: SqlValue[]): void;
  all(query: string, ...values: SqlValue[]): Iterable<Record<string, SqlValue>>;
  /** Runs synchronous writes as one: when one of them throws, none of them has happened. */
  atomically<T>(writes: () => T): T;
}

/** Reads a column that must be a number. */
export function numberOf(row: Record<string, SqlValue>, column: string): number {
  const value = row[column];
  if (typeof value !== "number") throw new TypeError(`Column ${column} holds no number.`);
  return value;
}

/** Reads a column that must be text. */
export function textOf(row: Record<string, SqlValue>, column: string): string {
  const value = row[column];
  if (typeof value !== "string") throw new TypeError(`Column ${column} holds no text.`);
  return value;
}

/** Reads a column that must be bytes. */
export function bytesOf(row: Record<string, SqlValue>, column: string): ArrayBuffer {
  const value = row[column];
  if (!(value instanceof ArrayBuffer)) throw new TypeError(`Column ${column} holds no bytes.`);
  return value;
}

/** Adds a column to a table that an earlier version of this code may have made without it. */
export function ensureColumn(sql: Sql, table: string, column: string, type: string): void {
  const query = "SELECT 1 FROM pragma_table_info(?) WHERE name = ?";
  const exists = [...sql.all(query, table, column)].length > 0;
  if (!exists) sql.run(`ALTER TABLE ${table} ADD COLUMN ${column} ${type}`);
}

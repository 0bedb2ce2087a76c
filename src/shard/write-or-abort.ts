import type { ShardPorts } from "./ports.ts";

/**
 * Changes memory and the shard's SQLite in one synchronous turn.
 *
 * When that fails, SQLite is as it was but memory may be ahead of it: the instance ends itself, and the next one starts from
 * SQLite. Throws what the writes threw.
 */
export function writeOrAbort<T>(
  { sql, abort }: Pick<ShardPorts, "sql" | "abort">,
  what: string,
  writes: () => T,
): T {
  try {
    return sql.atomically(writes);
  } catch (error) {
    abort(`${what} could not be written: ${String(error)}`);
    throw error;
  }
}

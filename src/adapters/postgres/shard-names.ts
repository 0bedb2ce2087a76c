import { text } from "./cells.ts";
import type { Database } from "./connect.ts";
import { queryOrUnavailable } from "./query-or-unavailable.ts";

/** Every shard that ever claimed its fence, of whatever generation. Throws FailureError DATABASE_UNAVAILABLE. */
export async function knownShards(database: Database): Promise<string[]> {
  const rows = await queryOrUnavailable(database, "SELECT shard FROM shard_fence", []);
  return rows.map((row) => text(row[0]));
}

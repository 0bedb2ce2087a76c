import type { Grants } from "../../core/ports.ts";
import type { Database } from "./connect.ts";
import { GRANT_SELECTION, readGrantRow } from "./grant-rows.ts";
import { queryOrUnavailable } from "./query-or-unavailable.ts";

/** Lines of one player that an answer lists; the newest come first. */
const LINES_MAX = 1_000;

/** reward_grant as operators read it: at most a flush behind the shard. */
export function createGrants(database: Database): Grants {
  return {
    ofPlayer: async ({ namespace, userId }) => {
      const query = `
        SELECT ${GRANT_SELECTION} FROM reward_grant g WHERE g.namespace = $1 AND g.user_id = $2
        ORDER BY g.created_at DESC, g.grant_id LIMIT ${LINES_MAX}`;
      const rows = await queryOrUnavailable(database, query, [namespace, userId]);
      return rows.map((row) => readGrantRow(row).line);
    },
  };
}

import type { Grants } from "../../core/ports.ts";
import type { Database } from "./connect.ts";
import { GRANT_SELECTION, type GrantRow, readGrantRow } from "./grant-rows.ts";
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
    find: async (namespace, grantId) => {
      const query = `SELECT ${GRANT_SELECTION} FROM reward_grant g WHERE g.namespace = $1 AND g.grant_id = $2`;
      const [row] = await queryOrUnavailable(database, query, [namespace, grantId]);
      return row === undefined ? null : entryOf(readGrantRow(row));
    },
    list: async (namespace, { states, after, count }) => {
      // Said in the text, and not by a parameter, so that Postgres can use the index of what is not paid.
      const unpaid = states.includes("granted") ? "" : "AND g.state <> 'granted'";
      const query = `
        SELECT ${GRANT_SELECTION} FROM reward_grant g
        WHERE g.namespace = $1 AND g.state = ANY($2::text[]) AND g.grant_id > $3 ${unpaid}
        ORDER BY g.grant_id LIMIT $4`;
      const rows = await queryOrUnavailable(database, query, [
        namespace,
        [...states],
        after ?? "",
        count,
      ]);
      return rows.map((row) => entryOf(readGrantRow(row)));
    },
  };
}

/** An erased player's settled line has an empty user id. */
function entryOf({ player, line }: GrantRow) {
  return { userId: player.userId === "" ? null : player.userId, line };
}

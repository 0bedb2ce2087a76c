import type { DeadLetter, DeadLetters } from "../../core/dead-letters.ts";
import { double, doubleOrNull, oneOf, text } from "./cells.ts";
import { milliseconds } from "./columns.ts";
import type { Database } from "./connect.ts";
import { decodePayload } from "./letter-rows.ts";
import { queryOrUnavailable } from "./query-or-unavailable.ts";

/** dead_letter as an operator reads and settles it; the shards write it with their flushes. */
export function createDeadLetters(database: Database): DeadLetters {
  return {
    list: async ({ state, after, count }) => {
      const rows = await queryOrUnavailable(database, LIST, [state, after, count]);
      return rows.map(readLetter);
    },
    find: async (id) => {
      const [row] = await queryOrUnavailable(database, FIND, [id]);
      return row === undefined ? null : readLetter(row);
    },
    settle: async (id, state) => {
      const rows = await queryOrUnavailable(database, SETTLE, [id, state]);
      return rows.length > 0;
    },
  };
}

const SELECTION = `d.id::float8, d.shard, d.namespace, d.user_id, d.state, d.error,
  ${milliseconds("d.created_at")}, ${milliseconds("d.settled_at")}, encode(d.payload, 'base64')`;

const LIST = `
  SELECT ${SELECTION} FROM dead_letter d WHERE ($1::text IS NULL OR d.state = $1) AND d.id > $2
  ORDER BY d.id LIMIT $3`;

const FIND = `SELECT ${SELECTION} FROM dead_letter d WHERE d.id = $1`;

/** The payload of a settled letter goes: nobody needs it, and it holds what a player did. Its mark stays. */
const SETTLE = `
  UPDATE dead_letter SET state = $2, settled_at = now(), payload = ''
  WHERE id = $1 AND state = 'open'
  RETURNING id`;

const STATES: readonly DeadLetter["state"][] = ["open", "retried", "discarded"];

function readLetter(cells: readonly unknown[]): DeadLetter {
  const [id, shard, namespace, userId, state, error, createdAt, settledAt, payload] = cells;
  return {
    id: double(id),
    shard: text(shard),
    player: { namespace: text(namespace), userId: text(userId) },
    state: oneOf(STATES, state),
    error: text(error),
    createdAt: double(createdAt),
    settledAt: doubleOrNull(settledAt),
    operations: decodePayload(text(payload))?.operations ?? [],
  };
}

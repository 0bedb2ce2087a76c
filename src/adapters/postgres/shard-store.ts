import {
  type Fence,
  type FlushAttempt,
  type ShardStore,
  StoreError,
} from "../../core/shard-store.ts";
import { double, doubleOrNull, text } from "./cells.ts";
import { arraysOf, assignments, names, selected, unnest } from "./columns.ts";
import { type Database, DatabaseError, type SqlParameter } from "./connect.ts";
import { GRANT_COLUMNS } from "./grant-rows.ts";
import { PROGRESS_COLUMNS, PROGRESS_SELECTION, readProgressRow } from "./progress-rows.ts";

/** A shard's statements over Postgres; each is one round trip, and what it may mean is in the interface. */
export function createShardStore(database: Database): ShardStore {
  const fence = async (query: string, parameters: readonly SqlParameter[]) => {
    const [row] = await send(database, query, parameters);
    return row === undefined ? null : readFence(row);
  };
  return {
    readFence: (shard) => fence(`SELECT ${FENCE} FROM shard_fence WHERE shard = $1`, [shard]),
    createFence: (shard, owner, floor) => fence(CREATE_FENCE, [shard, owner, floor]),
    claimFence: (shard, owner, epoch) => fence(CLAIM_FENCE, [shard, owner, epoch]),
    load: async (shard, players) => {
      const namespaces = players.map((player) => player.namespace);
      const userIds = players.map((player) => player.userId);
      const answer = await send(database, LOAD, [shard, namespaces, userIds]);
      // One row without a player comes when there is a fence and nobody has rows.
      const rows = answer
        .filter((row) => row[1] !== null)
        .map((row) => readProgressRow(row.slice(1)));
      return { epoch: doubleOrNull(answer[0]?.[0] ?? null), rows };
    },
    flush: async (attempt) => {
      const [row] = await send(database, FLUSH, flushParameters(attempt));
      return double(row?.[0]) === 1;
    },
    isGranted: async (grantId) => {
      const query = "SELECT 1 FROM reward_grant WHERE grant_id = $1 AND state = 'granted'";
      return (await send(database, query, [grantId])).length > 0;
    },
    playersWithPendingGrants: async (shard) => {
      const rows = await send(database, PENDING_GRANTS, [shard]);
      return rows.map((row) => ({ namespace: text(row[0]), userId: text(row[1]) }));
    },
  };
}

/** Whose grants an erased player's are in the ledger: nobody's, for no player has an empty id. */
const ANONYMOUS_USER = "";

const FENCE = "owner, epoch::float8, flush::float8, upto::float8, high::float8";

const CREATE_FENCE = `
  INSERT INTO shard_fence (shard, owner, epoch, flush, upto, high) VALUES ($1, $2, 1, 0, $3, $3)
  ON CONFLICT (shard) DO NOTHING
  RETURNING ${FENCE}`;

const CLAIM_FENCE = `
  UPDATE shard_fence SET owner = $2, epoch = epoch + 1 WHERE shard = $1 AND epoch = $3
  RETURNING ${FENCE}`;

/** The epoch comes with the rows, of the same snapshot: rows of another instance's time are not mistaken for ours. */
const LOAD = `
  SELECT f.epoch::float8, ${PROGRESS_SELECTION}
  FROM shard_fence f
  LEFT JOIN (
    unnest($2::text[], $3::text[]) AS wanted(namespace, user_id)
    JOIN user_goal_progress p USING (namespace, user_id)
  ) ON true
  WHERE f.shard = $1`;

const PENDING_GRANTS =
  "SELECT DISTINCT namespace, user_id FROM reward_grant WHERE shard = $1 AND state = 'pending'";

/** Fence first, then the erased players: $7 namespaces, $8 user ids. */
const FIRST_PROGRESS = 9;
const FIRST_GRANT = FIRST_PROGRESS + PROGRESS_COLUMNS.length;

/**
 * Fence, rows and ledger in one statement: all of it, or nothing. If the fence does not move, its CTE is empty and so is
 * everything that selects from it. Rows go in key order, so that two writers would lock alike.
 */
const FLUSH = `
  WITH moved AS (
    UPDATE shard_fence SET flush = $3, upto = $5, high = $6
    WHERE shard = $1 AND epoch = $2 AND flush = $4
    RETURNING shard
  ), erased AS (
    SELECT namespace, user_id FROM moved CROSS JOIN unnest($7::text[], $8::text[]) AS e(namespace, user_id)
  ), gone AS (
    DELETE FROM user_goal_progress p USING erased e
    WHERE p.namespace = e.namespace AND p.user_id = e.user_id AND NOT EXISTS (
      SELECT FROM ${unnest(PROGRESS_COLUMNS, FIRST_PROGRESS)}
      WHERE r.namespace = p.namespace AND r.user_id = p.user_id AND r.goal_id = p.goal_id)
  ), unnamed AS (
    UPDATE reward_grant g SET user_id = '${ANONYMOUS_USER}' FROM erased e
    WHERE g.namespace = e.namespace AND g.user_id = e.user_id AND g.state NOT IN ('pending', 'parked')
      AND g.grant_id <> ALL ($${FIRST_GRANT}::text[])
  ), progress AS (
    INSERT INTO user_goal_progress (${names(PROGRESS_COLUMNS)}, updated_at)
    SELECT ${selected(PROGRESS_COLUMNS)}, now()
    FROM moved CROSS JOIN ${unnest(PROGRESS_COLUMNS, FIRST_PROGRESS)}
    ORDER BY r.namespace, r.user_id, r.goal_id
    ON CONFLICT (namespace, user_id, goal_id) DO UPDATE
    SET ${assignments(PROGRESS_COLUMNS, ["namespace", "user_id", "goal_id"])}, updated_at = now()
  ), ledger AS (
    INSERT INTO reward_grant (${names(GRANT_COLUMNS)})
    SELECT ${selected(GRANT_COLUMNS)}
    FROM moved CROSS JOIN ${unnest(GRANT_COLUMNS, FIRST_GRANT)}
    ORDER BY r.grant_id
    ON CONFLICT (grant_id) DO UPDATE
    SET ${assignments(GRANT_COLUMNS, ["grant_id", "namespace", "user_id", "created_at"])},
      user_id = CASE EXCLUDED.user_id WHEN '${ANONYMOUS_USER}' THEN '${ANONYMOUS_USER}' ELSE reward_grant.user_id END
    WHERE reward_grant.state <> 'granted'
      OR (EXCLUDED.state = 'granted' AND EXCLUDED.user_id = '${ANONYMOUS_USER}')
  )
  SELECT count(*)::float8 FROM moved`;

function flushParameters(attempt: FlushAttempt): SqlParameter[] {
  const { shard, epoch, flush, previous, upto, high } = attempt;
  const rows = attempt.players.flatMap(({ player, applied, rows: goals }) =>
    goals.map((row) => ({ player, row, shard, applied })),
  );
  const grants = attempt.players.flatMap(({ player, grants: lines }) =>
    lines.map((line) => ({
      player: line.isAnonymous === true ? { ...player, userId: ANONYMOUS_USER } : player,
      line,
      shard,
    })),
  );
  const erased = attempt.players.filter(({ isErased }) => isErased).map(({ player }) => player);
  return [
    shard,
    epoch,
    flush,
    previous,
    upto,
    high,
    erased.map((player) => player.namespace),
    erased.map((player) => player.userId),
    ...arraysOf(PROGRESS_COLUMNS, rows),
    ...arraysOf(GRANT_COLUMNS, grants),
  ];
}

function readFence(row: readonly unknown[]): Fence {
  return {
    owner: text(row[0]),
    epoch: double(row[1]),
    flush: double(row[2]),
    upto: double(row[3]),
    high: double(row[4]),
  };
}

async function send(
  database: Database,
  query: string,
  parameters: readonly SqlParameter[],
): Promise<unknown[][]> {
  try {
    return await database.query(query, parameters);
  } catch (error) {
    const isDefinite = error instanceof DatabaseError && error.isDefinite;
    const reason = error instanceof Error ? error.message : String(error);
    throw new StoreError(reason, isDefinite, { cause: error });
  }
}

import { type Fence, type ShardStore, StoreError } from "../../core/shard-store.ts";
import { double, doubleOrNull, text } from "./cells.ts";
import { type Database, DatabaseError, type SqlParameter } from "./connect.ts";
import { FLUSH, flushParameters } from "./flush-statement.ts";
import { LOAD, loadParameters, readLoaded } from "./load-statement.ts";

/** A shard's statements over Postgres; each is one round trip, and what it may mean is in the interface. */
export function createShardStore(database: Database): ShardStore {
  const fence = async (query: string, parameters: readonly SqlParameter[]) => {
    const [row] = await send(database, query, parameters);
    return row === undefined ? null : readFence(row);
  };
  return {
    readFence: (shard) => fence(`SELECT ${FENCE} FROM shard_fence WHERE shard = $1`, [shard]),
    createFence: (shard, owner, floor, epoch = 1, high = floor) =>
      fence(CREATE_FENCE, [shard, owner, floor, epoch, Math.max(floor, high)]),
    claimFence: (shard, owner, found, epoch = found + 1) =>
      fence(CLAIM_FENCE, [shard, owner, found, epoch]),
    highestApplied: async (shard) => {
      const [row] = await send(database, HIGHEST_APPLIED, [shard]);
      return doubleOrNull(row?.[0] ?? null) ?? 0;
    },
    load: async (shard, players) =>
      readLoaded(await send(database, LOAD, loadParameters(shard, players))),
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

const FENCE = "owner, epoch::float8, flush::float8, upto::float8, high::float8";

const HIGHEST_APPLIED = `
  SELECT greatest(
    (SELECT max(applied) FROM user_goal_progress WHERE shard = $1),
    (SELECT max(applied) FROM dead_letter WHERE shard = $1)
  )::float8`;

const CREATE_FENCE = `
  INSERT INTO shard_fence (shard, owner, epoch, flush, upto, high) VALUES ($1, $2, $4, 0, $3, $5)
  ON CONFLICT (shard) DO NOTHING
  RETURNING ${FENCE}`;

const CLAIM_FENCE = `
  UPDATE shard_fence SET owner = $2, epoch = $4 WHERE shard = $1 AND epoch = $3
  RETURNING ${FENCE}`;

const PENDING_GRANTS =
  "SELECT DISTINCT namespace, user_id FROM reward_grant WHERE shard = $1 AND state = 'pending'";

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
    const { isDefinite, isDataFault } =
      error instanceof DatabaseError ? error : { isDefinite: false, isDataFault: false };
    const reason = error instanceof Error ? error.message : String(error);
    throw new StoreError(reason, isDefinite, { cause: error, isDataFault });
  }
}

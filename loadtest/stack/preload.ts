import { Client } from "pg";

import { OPTIONAL_GOALS, optionalGoal } from "../fixtures/load-catalog.ts";
import { userIdsOf } from "../fixtures/user-ids.ts";

/** Rows that lie in Postgres before the load, as other weeks have left them. */
export interface Preload {
  readonly databaseUrl: string;
  readonly namespace: string;
  readonly runId: string;
  /** Players of the run. */
  readonly players: number;
  readonly rows: number;
}

/** So many goals of each player were played before; the rest of the rows belongs to players who stay away. */
const ROWS_PER_PLAYER = 50;

/**
 * Writes rows of goals that were played and switched off again: half of them for the run's own players, half for others.
 *
 * So a player's load reads more rows, and the table and its index are large.
 */
export async function preloadRows(preload: Preload): Promise<void> {
  const { databaseUrl, namespace, runId, players, rows } = preload;
  const ours = Math.min(players, Math.floor(rows / 2 / ROWS_PER_PLAYER));
  const others = Math.floor(rows / ROWS_PER_PLAYER) - ours;
  const userIds = [
    ...userIdsOf(runId, ours),
    ...Array.from({ length: others }, (_, index) => `${runId}-away${index}`),
  ];
  const goals = Array.from({ length: ROWS_PER_PLAYER }, (_, index) =>
    optionalGoal(Math.floor((index * OPTIONAL_GOALS) / ROWS_PER_PLAYER)),
  );
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(
      `INSERT INTO user_goal_progress (namespace, user_id, goal_id, challenge_id, status, is_active, raw, progress,
         event_count, round, assigned_at, last_event_at, shard, applied, updated_at)
       SELECT $1, u, g.goal_id, g.challenge_id, 'in_progress', false, 5, 5, 5, 0, now(), now(), 'preloaded', 0, now()
       FROM unnest($2::text[]) AS u, unnest($3::text[], $4::text[]) AS g (goal_id, challenge_id)`,
      [
        namespace,
        userIds,
        goals.map(({ goalId }) => goalId),
        goals.map(({ challengeId }) => challengeId),
      ],
    );
  } finally {
    await client.end();
  }
}

import { Client } from "pg";

import { CLAIMED_GOALS, COUNTING_GOALS, optionalGoal } from "../fixtures/load-catalog.ts";
import { userIdsOf } from "../fixtures/user-ids.ts";
import type { TallyData } from "../generator/tally.ts";
import {
  compareActivations,
  compareClaims,
  compareEvents,
  type Stored,
  type Verification,
} from "./compare.ts";

/** Whose rows are compared. */
export interface Verified {
  readonly databaseUrl: string;
  readonly namespace: string;
  readonly runId: string;
  readonly players: number;
  readonly tally: TallyData;
}

/** Compares what was acknowledged with what Postgres holds. Everything has to be flushed. */
export async function verify(run: Verified): Promise<Verification> {
  const client = new Client({ connectionString: run.databaseUrl });
  await client.connect();
  try {
    const stored = await readStored(client, run);
    const events = compareEvents(run.tally, stored);
    const claims = compareClaims(run.tally, stored);
    const wrongActivations = compareActivations(run.tally, stored);
    return { ...events, ...claims, wrongActivations };
  } finally {
    await client.end();
  }
}

async function readStored(client: Client, run: Verified): Promise<Stored> {
  const players = new Map(userIdsOf(run.runId, run.players).map((id, player) => [id, player]));
  const ours = [run.namespace, `${run.runId}-p%`];
  const counting = new Map(COUNTING_GOALS.map(({ goalId }, stat) => [goalId, stat]));
  const claimed = new Map(CLAIMED_GOALS.map(({ goalId }, stat) => [goalId, stat]));

  const counts = await client.query<{ user_id: string; goal_id: string; event_count: string }>(
    "SELECT user_id, goal_id, event_count FROM user_goal_progress WHERE namespace = $1 AND user_id LIKE $2 AND goal_id = ANY($3)",
    [...ours, [...counting.keys()]],
  );
  const claims = await client.query<{ user_id: string; goal_id: string }>(
    "SELECT user_id, goal_id FROM user_goal_progress WHERE namespace = $1 AND user_id LIKE $2 AND status = 'claimed'",
    ours,
  );
  const grants = await client.query<{ user_id: string; goal_id: string; state: string }>(
    "SELECT user_id, goal_id, state FROM reward_grant WHERE namespace = $1 AND user_id LIKE $2",
    ours,
  );
  const active = await readActive(client, run, players);
  const key = (userId: string, goalId: string, of: ReadonlyMap<string, number>) =>
    `${players.get(userId)}/${of.get(goalId)}`;
  return {
    counts: new Map(
      counts.rows.map((row) => [key(row.user_id, row.goal_id, counting), Number(row.event_count)]),
    ),
    claimed: claims.rows.map((row) => key(row.user_id, row.goal_id, claimed)),
    granted: grants.rows
      .filter(({ state }) => state === "granted")
      .map((row) => key(row.user_id, row.goal_id, claimed)),
    active,
  };
}

async function readActive(
  client: Client,
  run: Verified,
  players: ReadonlyMap<string, number>,
): Promise<ReadonlyMap<string, boolean>> {
  const indexes = new Map(
    run.tally.activations.map(([, index]) => [optionalGoal(index).goalId, index]),
  );
  const { rows } = await client.query<{ user_id: string; goal_id: string; is_active: boolean }>(
    "SELECT user_id, goal_id, is_active FROM user_goal_progress WHERE namespace = $1 AND user_id LIKE $2 AND goal_id = ANY($3)",
    [run.namespace, `${run.runId}-p%`, [...indexes.keys()]],
  );
  return new Map(
    rows.map((row) => [`${players.get(row.user_id)}/${indexes.get(row.goal_id)}`, row.is_active]),
  );
}

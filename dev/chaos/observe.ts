import { setTimeout as sleep } from "node:timers/promises";

import { Client } from "pg";
import * as z from "zod";

import { readFaults } from "../faults/control-client.ts";
import type { Stack } from "../stack.ts";
import type { ChaosClient } from "./chaos-client.ts";
import type { StoredGrant } from "./compare-grants.ts";
import type { StoredGoal } from "./compare.ts";
import { differences, shownGoals } from "./player-progress.ts";
import type { ChaosPlayer } from "./players.ts";

/** The shards' longest pause, a statement's time limit, and room for a busy machine. */
const SETTLE_MS_MAX = 60_000;
const SETTLE_POLL_INTERVAL_MS = 250;

const SHARDS = z.object({
  shards: z.array(
    z.object({
      shard: z.string(),
      journalDepth: z.number(),
      dirtyPlayers: z.number(),
      parkedPlayers: z.number(),
      epoch: z.number().nullable(),
      lastError: z.string().nullable(),
    }),
  ),
});

/** Waits until the shards have nothing left to write, and no statement is on its way; answers what keeps them, or null. */
export async function settle(client: ChaosClient, stack: Stack): Promise<string | null> {
  const giveUpAt = Date.now() + SETTLE_MS_MAX;
  for (;;) {
    const restless = await whatIsLeft(client, stack);
    if (restless === null || Date.now() > giveUpAt) return restless;
    await sleep(SETTLE_POLL_INTERVAL_MS);
  }
}

async function whatIsLeft(client: ChaosClient, stack: Stack): Promise<string | null> {
  const { waiting } = await readFaults(stack.faultsUrl);
  if (waiting > 0) return `${waiting} statements are on their way`;
  const credential = stack.serverKey;
  const answer = await client.ask({ method: "GET", path: "/v1/admin/shards", credential });
  if (answer?.status !== 200) return "the shards do not answer";
  const busy = SHARDS.parse(answer.body).shards.find(
    ({ journalDepth, dirtyPlayers, parkedPlayers, epoch, lastError }) =>
      // A shard that did not answer is told as one without an epoch, and with the reason.
      journalDepth + dirtyPlayers + parkedPlayers > 0 || (epoch === null && lastError !== null),
  );
  return busy === undefined ? null : JSON.stringify(busy);
}

/** What the API shows otherwise than it must. */
export async function observeApi(
  client: ChaosClient,
  players: readonly ChaosPlayer[],
): Promise<string[]> {
  const wrong: string[] = [];
  for (const { userId, token: credential, expected } of players) {
    const { body } = await client.insist({ method: "GET", path: "/v1/progress", credential });
    const found = differences(expected, shownGoals(body));
    wrong.push(...found.map((difference) => `${userId} in the API: ${difference}`));
  }
  return wrong;
}

const ROWS = z.array(
  z.object({
    userId: z.string(),
    goalId: z.string(),
    progress: z.number(),
    eventCount: z.coerce.number(),
    status: z.string(),
    isActive: z.boolean(),
  }),
);
const GRANTS = z.array(
  z.object({
    grantId: z.string(),
    userId: z.string(),
    goalId: z.string(),
    period: z.string().nullable(),
    state: z.string(),
  }),
);

/** What Postgres holds: read past the product, by a driver of its own. */
export async function observePostgres(
  databaseUrl: string,
): Promise<{ goals: StoredGoal[]; grants: StoredGrant[] }> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const goals = await client.query(
      `SELECT user_id AS "userId", goal_id AS "goalId", progress, event_count AS "eventCount", status,
         is_active AS "isActive" FROM user_goal_progress`,
    );
    const grants = await client.query(
      `SELECT grant_id AS "grantId", user_id AS "userId", goal_id AS "goalId", period, state FROM reward_grant`,
    );
    return { goals: ROWS.parse(goals.rows), grants: GRANTS.parse(grants.rows) };
  } finally {
    await client.end();
  }
}

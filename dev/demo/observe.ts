import { Client } from "pg";
import * as z from "zod";

import { PROGRESS } from "./claim-completed.ts";
import type { GoalMeaning, Observed } from "./compare.ts";
import { inParallel } from "./in-parallel.ts";
import type { PatientClient } from "./patient-client.ts";
import type { TokenHolder } from "./prepare-players.ts";

const CATALOG = z.object({
  challenges: z.array(
    z.object({
      goals: z.array(
        z.object({
          goalId: z.string(),
          eventSource: z.enum(["login", "statistic"]),
          requirement: z.object({
            statCode: z.string(),
            progressMode: z.enum(["absolute", "relative", "count", "days"]),
          }),
          expiresAt: z.string().nullable(),
        }),
      ),
    }),
  ),
});

/** What every goal of the catalog counts. */
export async function readMeanings(
  client: PatientClient,
  token: string,
): Promise<ReadonlyMap<string, GoalMeaning>> {
  const answer = await client.send({ method: "GET", path: "/v1/challenges", credential: token });
  const { challenges } = CATALOG.parse(answer.body);
  return new Map(
    challenges.flatMap(({ goals }) =>
      goals.map(({ goalId, eventSource: source, requirement, expiresAt: end }) => {
        const { statCode, progressMode: mode } = requirement;
        const expiresAt = end === null ? null : Date.parse(end);
        return [goalId, { source, statCode, mode, expiresAt }];
      }),
    ),
  );
}

/** What the API says of every player. */
export async function observeApi(
  client: PatientClient,
  players: readonly TokenHolder[],
): Promise<Observed[]> {
  const observed: Observed[] = [];
  await inParallel(players, async ({ userId, token }) => {
    const answer = await client.send({ method: "GET", path: "/v1/progress", credential: token });
    for (const { goalId, progress, isActive } of PROGRESS.parse(answer.body).goals) {
      if (isActive) observed.push({ userId, goalId, progress, eventCount: null });
    }
  });
  return observed;
}

const ROWS = z.array(
  z.object({
    user_id: z.string(),
    goal_id: z.string(),
    progress: z.number(),
    event_count: z.coerce.number(),
  }),
);

/** What Postgres holds of every player: read past the product, by a driver of its own. */
export async function observePostgres(
  databaseUrl: string,
  namespace: string,
  players: readonly TokenHolder[],
): Promise<{ observed: Observed[]; grants: number }> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const userIds = players.map(({ userId }) => userId);
    const rows = await client.query(
      `SELECT user_id, goal_id, progress, event_count FROM user_goal_progress
       WHERE namespace = $1 AND user_id = ANY ($2) AND is_active`,
      [namespace, userIds],
    );
    const grants = await client.query(
      `SELECT count(*)::int AS granted FROM reward_grant
       WHERE namespace = $1 AND user_id = ANY ($2) AND state = 'granted'`,
      [namespace, userIds],
    );
    const observed = ROWS.parse(rows.rows).map((row) => ({
      userId: row.user_id,
      goalId: row.goal_id,
      progress: row.progress,
      eventCount: row.event_count,
    }));
    return { observed, grants: z.number().parse(grants.rows[0]?.granted) };
  } finally {
    await client.end();
  }
}

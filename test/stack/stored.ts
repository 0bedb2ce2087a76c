import { queryDirectly } from "../../dev/testing/query-directly.ts";

/**
 * What Postgres holds of players of `default`, past Worker and shard, by player and goal.
 *
 * Instants are in RFC 3339, as the API writes them.
 */
export async function storedRows(databaseUrl: string, ...userIds: string[]) {
  const rows = await queryDirectly(
    databaseUrl,
    `SELECT user_id, challenge_id, goal_id, status, is_active, progress, event_count,
            assigned_at, completed_at, claimed_at
     FROM user_goal_progress WHERE namespace = 'default' AND user_id = ANY($1)
     ORDER BY user_id COLLATE "C", goal_id COLLATE "C"`,
    [userIds],
  );
  return rows.map((row) => ({
    userId: row["user_id"],
    challengeId: row["challenge_id"],
    goalId: row["goal_id"],
    status: row["status"],
    isActive: row["is_active"],
    progress: row["progress"],
    eventCount: Number(row["event_count"]),
    assignedAt: instant(row["assigned_at"]),
    completedAt: instant(row["completed_at"]),
    claimedAt: instant(row["claimed_at"]),
  }));
}

/** The player's lines of the ledger, oldest first. */
export async function storedGrants(databaseUrl: string, userId: string) {
  const rows = await queryDirectly(
    databaseUrl,
    `SELECT grant_id, goal_id, reward_type, reward_id, quantity, state, created_at, granted_at
     FROM reward_grant WHERE namespace = 'default' AND user_id = $1 ORDER BY created_at, grant_id`,
    [userId],
  );
  return rows.map((row) => ({
    grantId: row["grant_id"],
    goalId: row["goal_id"],
    reward: {
      type: row["reward_type"],
      rewardId: row["reward_id"],
      quantity: Number(row["quantity"]),
    },
    state: row["state"],
    grantedAt: instant(row["granted_at"]),
  }));
}

function instant(value: unknown): string | null {
  return value instanceof Date ? value.toISOString() : null;
}

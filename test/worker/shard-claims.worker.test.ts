import { describe, expect, test } from "vitest";

import { allowRowsOf, askPostgres, refuseRowsOf } from "./real-postgres.ts";
import { aShard, PATIENCE_MS, type ShardInWorkerd } from "./shard-in-workerd.ts";

const CLAIM = { kind: "claim", challengeId: "first-steps", goalId: "kills" } as const;

/** A shard whose player "ada" has completed the goal. */
async function aShardWithCompletedGoal(): Promise<ShardInWorkerd> {
  const shard = await aShard();
  await shard.send(["e1", "e2", "e3"].map((id) => ({ id, userId: "ada" })));
  return shard;
}

/** The ledger's lines of the shard's namespace. */
async function ledgerOf(shard: ShardInWorkerd) {
  const rows = await askPostgres(
    "SELECT user_id, goal_id, state, attempts, reward_id, quantity, grant_id, granted_at IS NOT NULL FROM reward_grant WHERE namespace = $1",
    shard.namespace,
  );
  return rows.map(([userId, goalId, state, attempts, rewardId, quantity, grantId, isGranted]) => ({
    userId,
    goalId,
    state,
    attempts,
    rewardId,
    quantity,
    grantId,
    isGranted,
  }));
}

describe("a claim", () => {
  test("is answered at once, and a flush later the ledger has its one line", async () => {
    const shard = await aShardWithCompletedGoal();
    const answer = await shard.command("ada", CLAIM, "k1");
    expect(answer).toMatchObject({
      ok: true,
      value: {
        result: { kind: "claim", status: "claimed", goalId: "kills", reward: { rewardId: "GOLD" } },
        view: { rows: [{ status: "claimed", openClaim: null }] },
      },
    });
    await shard.untilStored();
    expect(await ledgerOf(shard)).toMatchObject([
      {
        userId: "ada",
        goalId: "kills",
        state: "granted",
        attempts: 1,
        rewardId: "GOLD",
        quantity: 100,
        grantId: expect.stringMatching(/^[0-9a-f]{64}$/),
        isGranted: true,
      },
    ]);
    const status =
      "SELECT status, claimed_at IS NOT NULL FROM user_goal_progress WHERE namespace = $1";
    expect(await askPostgres(status, shard.namespace)).toEqual([["claimed", true]]);
  });

  test("made twenty times at once is granted once", async () => {
    const shard = await aShardWithCompletedGoal();
    const keys = Array.from({ length: 20 }, (_, index) => `k${index}`);
    const answers = await Promise.all(keys.map((key) => shard.command("ada", CLAIM, key)));
    const outcomes = answers.map((answer) =>
      answer.ok ? answer.value.result.kind : answer.failure.code,
    );
    expect(outcomes.filter((outcome) => outcome === "claim")).toHaveLength(1);
    const refusals = new Set(outcomes.filter((outcome) => outcome !== "claim"));
    expect([...refusals].every((code) => /^(CLAIM_IN_PROGRESS|ALREADY_CLAIMED)$/.test(code))).toBe(
      true,
    );
    await shard.untilStored();
    expect(await ledgerOf(shard)).toHaveLength(1);
  });

  test("repeated after an eviction is answered as the first time; a new one is told that it was claimed", async () => {
    const shard = await aShardWithCompletedGoal();
    const first = await shard.command("ada", CLAIM, "k1");
    await shard.evict();
    expect(await shard.command("ada", CLAIM, "k1")).toMatchObject({
      ok: true,
      value: { result: first.ok ? first.value.result : "granted" },
    });
    const other = await shard.command("ada", CLAIM, "k2");
    expect(other).toMatchObject({ ok: false, failure: { code: "ALREADY_CLAIMED" } });
    await shard.untilStored();
    expect(await ledgerOf(shard)).toHaveLength(1);
  });

  test("outlives failing flushes and evictions between the grant and the ledger", async () => {
    const shard = await aShardWithCompletedGoal();
    await shard.untilStored();
    await refuseRowsOf(shard.namespace, "ada");
    await shard.command("ada", CLAIM, "k1");
    await shard.alarm();
    await shard.evict();
    expect(await ledgerOf(shard)).toEqual([]);
    await allowRowsOf(shard.namespace, "ada");
    await shard.untilStored();
    expect(await ledgerOf(shard)).toMatchObject([{ state: "granted", attempts: 1 }]);
  });
});

test("a claim that an earlier instance left pending is taken up again, though its player never comes back", async () => {
  const shard = await aShardWithCompletedGoal();
  await shard.untilStored();
  await shard.evict();
  // As an instance leaves it that ended after the flush of its claim, before the reward service answered.
  await askPostgres(
    `UPDATE user_goal_progress SET open_grant_id = $2, open_completed_at = completed_at, open_reward_type = 'WALLET',
       open_reward_id = 'GOLD', open_quantity = 100, open_round = 0, open_started_at = now()
     WHERE namespace = $1`,
    shard.namespace,
    `grant of ${shard.name}`,
  );
  await askPostgres(
    `INSERT INTO reward_grant (grant_id, namespace, user_id, challenge_id, goal_id, reward_type, reward_id, quantity, shard, state, attempts, created_at)
     VALUES ($1, $2, 'ada', 'first-steps', 'kills', 'WALLET', 'GOLD', 100, $3, 'pending', 0, now())`,
    `grant of ${shard.name}`,
    shard.namespace,
    shard.name,
  );
  await shard.sendOne("e1", "somebody else");
  const states = async () => (await ledgerOf(shard)).map(({ state }) => state);
  await expect.poll(states, { timeout: PATIENCE_MS }).toEqual(["granted"]);
  expect(await shard.view("ada")).toMatchObject({
    ok: true,
    value: { rows: [{ status: "claimed", openClaim: null }] },
  });
});

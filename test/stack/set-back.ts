import { expect, test } from "vitest";

import { queryDirectly } from "../../dev/testing/query-directly.ts";
import { shardOf } from "../../src/shard/routing.ts";
import type { Api } from "./api.ts";
import { expectBody, expectProblem } from "./expect-answer.ts";
import type { Player } from "./player.ts";
import { accepted, resumeReport, shards } from "./shapes.ts";
import { storedRows } from "./stored.ts";

const SOON = { timeout: 20_000, interval: 200 };
/** As the stack's Worker is configured. */
const GENERATION = { generation: 1, count: 8 };
const TABLES = ["user_goal_progress", "reward_grant", "shard_fence"];

/** What is seen over HTTP of a Postgres that is restored to an earlier time, and the way on. */
export function testSetBack(api: () => Api): void {
  const ask = async (...queries: readonly string[]): Promise<void> => {
    for (const query of queries) await queryDirectly(api().access.databaseUrl, query);
  };
  const nameOf = ({ userId }: Player) => shardOf({ namespace: "default", userId }, GENERATION);
  const lastErrorOf = async (shard: string): Promise<string | null | undefined> => {
    const answer = await api().call("/v1/admin/shards", { as: api().key("operator") });
    return expectBody(answer, 200, shards).shards.find((status) => status.shard === shard)
      ?.lastError;
  };
  const resume = (shard: string, query = "", key: "operator" | "local" = "operator") =>
    api().call(`/v1/admin/shards/${shard}/resume${query}`, { method: "POST", as: api().key(key) });
  const kill = (player: Player, id: string) => player.event({ statCode: "kills", inc: 1, id });
  const post = async (event: object) => expectBody(await api().postEvents(event), 202, accepted);
  const eventCount = async ({ userId }: Player): Promise<number | undefined> => {
    const rows = await storedRows(api().access.databaseUrl, userId);
    return rows.find(({ goalId }) => goalId === "default-kills")?.eventCount;
  };
  /** A player of the same shard whom that shard has not in memory. */
  const strangerIn = async (shard: string): Promise<Player> => {
    for (;;) {
      const stranger = await api().player();
      if (nameOf(stranger) === shard) return stranger;
    }
  };

  test("a shard whose Postgres was restored stops, says so, and goes on when an operator lets it", async () => {
    const player = await api().player();
    const shard = nameOf(player);
    const [kept, lost, later] = ["kept", "lost", "later"].map((id) =>
      kill(player, `${id}-${shard}`),
    );
    expectProblem(await resume(shard), 409, "CONFLICT");
    await post({ ...kept });
    await expect.poll(() => eventCount(player), SOON).toBe(1);
    await ask(...TABLES.map((table) => `CREATE TABLE kept_${table} AS TABLE ${table}`));
    await post({ ...lost });
    await expect.poll(() => eventCount(player), SOON).toBe(2);
    for (const table of TABLES) {
      await ask(
        `DELETE FROM ${table} WHERE shard = '${shard}'`,
        `INSERT INTO ${table} SELECT * FROM kept_${table} WHERE shard = '${shard}'`,
        `DROP TABLE kept_${table}`,
      );
    }
    expect((await post({ ...later })).accepted).toBe(1);
    await expect.poll(() => lastErrorOf(shard), SOON).toContain("At most 1 operations are lost");
    expect(await player.goal("default-kills")).not.toBeNull();
    const stranger = await strangerIn(shard);
    const refused = expectProblem(await stranger.get("/v1/progress"), 503, "DATABASE_UNAVAILABLE");
    expect(refused.detail).toContain("set back in time");

    expectProblem(await resume(shard, "", "local"), 403, "FORBIDDEN");
    expectProblem(await resume("g9-9-9"), 404, "NOT_FOUND");
    const told = expectBody(await resume(shard, "?dryRun=true"), 200, resumeReport);
    expect(told).toMatchObject({ shard, isResumed: false, lostAtMost: 1, resendableIds: 1 });
    expect(await lastErrorOf(shard)).toContain("set back");
    const done = expectBody(await resume(shard), 200, resumeReport);
    expect(done).toEqual({ ...told, isResumed: true });

    await expect.poll(() => lastErrorOf(shard), SOON).toBeNull();
    await expect.poll(async () => (await post({ ...lost })).accepted, SOON).toBe(1);
    for (const event of [kept, lost, later]) {
      expect((await post({ ...event })).duplicates).toBe(1);
    }
    await expect.poll(() => eventCount(player), SOON).toBe(3);
    expect(await stranger.progress()).not.toEqual([]);
  });
}

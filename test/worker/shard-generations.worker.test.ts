import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";

import type { GameEvent } from "../../src/core/operation.ts";
import type { Players, RequestTrace } from "../../src/core/ports.ts";
import { RequestTally } from "../../src/core/request-tally.ts";
import { sha256Hex } from "../../src/sha256.ts";
import { createPlayers } from "../../src/shard/client.ts";
import type { ShardLayout } from "../../src/shard/routing.ts";
import { systemClock } from "../../src/system-clock.ts";
import { KILLS } from "../support/kills-catalog.ts";
import { anEvent } from "../support/player-builders.ts";
import { askPostgres } from "./real-postgres.ts";
import { aShard, PATIENCE_MS } from "./shard-in-workerd.ts";

const PLAYERS = Array.from({ length: 40 }, (_, number) => `player-${number}`);

/** 4 shards, then 7, then 4 again, each time as a new generation: three Workers that were deployed one after the other. */
function threeLayouts(): [ShardLayout, ShardLayout, ShardLayout] {
  const [number = 0] = crypto.getRandomValues(new Uint16Array(1));
  const generation = 10 + (number % 8_000);
  const first = { generation, count: 4 };
  const second = { generation: generation + 1, count: 7 };
  return [
    { ...first, older: [] },
    { ...second, older: [first] },
    { generation: generation + 2, count: 4, older: [first, second] },
  ];
}

async function aDeployment() {
  const { namespace, pointer } = await aShard(KILLS);
  const workers = threeLayouts().map((layout) =>
    createPlayers({
      shards: env.SHARDS,
      layout,
      digest: sha256Hex,
      tally: new RequestTally("worker"),
      clock: systemClock,
    }),
  );
  const trace = (): RequestTrace => ({ requestId: crypto.randomUUID(), shard: null });
  return {
    workers,
    /** Sends a kill of every player in one request; answers how many were accepted. */
    kills: async (worker: Players | undefined, id: string) => {
      const events = PLAYERS.map((userId): GameEvent => ({ id, userId, ...anEvent({ inc: 1 }) }));
      const results = (await worker?.submitEvents(namespace, events, pointer, trace())) ?? [];
      return results.map(({ status }) => status);
    },
    shown: async (worker: Players | undefined, userId: string) => {
      const view = await worker?.view({ namespace, userId }, pointer, trace());
      return view?.rows[0]?.eventCount ?? 0;
    },
    claim: (worker: Players | undefined, userId: string, key: string) => {
      const command = { kind: "claim", challengeId: "first-steps", goalId: "kills" } as const;
      return worker?.command({ namespace, userId }, command, key, pointer, trace());
    },
    statuses: (worker: Players | undefined) => worker?.shardStatuses(trace()) ?? [],
    stored: async () => {
      const [row] = await askPostgres(
        "SELECT count(*)::int, coalesce(sum(event_count), 0)::int FROM user_goal_progress WHERE namespace = $1",
        namespace,
      );
      return row;
    },
  };
}

describe("a change of the number of shards, 4 to 7 to 4, under load", () => {
  test(
    "loses nothing and counts nothing twice, with the Workers of all counts alive, and of duplicates sent across it one",
    { timeout: 60_000 },
    async () => {
      const { workers, kills, shown, statuses, stored } = await aDeployment();
      const [four, seven, fourAgain] = workers;
      const accepted: string[] = [];
      const load = async (worker: Players | undefined, id: string) => {
        const results = await kills(worker, id);
        accepted.push(...results.filter((status) => status === "accepted"));
        return results;
      };
      await load(four, "before");
      // The next Worker is deployed while the first one goes on, with what was just acknowledged not in Postgres yet.
      await Promise.all([load(four, "a"), load(seven, "a"), load(seven, "b"), load(four, "c")]);
      for (const userId of PLAYERS.slice(0, 5)) expect(await shown(seven, userId)).toBe(4);
      expect(new Set(await load(four, "before"))).toEqual(new Set(["duplicate"]));
      await Promise.all([
        load(fourAgain, "d"),
        load(seven, "d"),
        load(four, "d"),
        load(seven, "e"),
      ]);
      expect(new Set(await load(fourAgain, "a"))).toEqual(new Set(["duplicate"]));
      for (const userId of PLAYERS.slice(0, 5)) {
        for (const worker of workers) expect(await shown(worker, userId)).toBe(6);
      }
      expect(accepted).toHaveLength(6 * PLAYERS.length);
      await expect
        .poll(stored, { timeout: PATIENCE_MS })
        .toEqual([PLAYERS.length, accepted.length]);
      const depths = async () =>
        (await statuses(fourAgain)).map(({ journalDepth, lastError }) => [journalDepth, lastError]);
      const idle = Array.from({ length: 15 }, () => [0, null]);
      await expect.poll(depths, { timeout: PATIENCE_MS }).toEqual(idle);
    },
  );

  test("answers a command that is sent again after it as before it, and pays a claim once", async () => {
    const { workers, kills, claim } = await aDeployment();
    const [four, seven, fourAgain] = workers;
    for (const id of ["a", "b", "c"]) await kills(four, id);
    const first = await claim(four, "player-1", "the key");
    expect(first).toMatchObject({ ok: true, value: { result: { status: "claimed" } } });
    for (const worker of [seven, four, fourAgain]) {
      const again = await claim(worker, "player-1", "the key");
      expect(again).toMatchObject({ ok: true, value: { result: first?.ok && first.value.result } });
      expect(
        await claim(
          worker,
          "player-1",
          `another key ${workers.findIndex((other) => other === worker)}`,
        ),
      ).toMatchObject({
        ok: false,
        failure: { code: "ALREADY_CLAIMED" },
      });
    }
  });
});

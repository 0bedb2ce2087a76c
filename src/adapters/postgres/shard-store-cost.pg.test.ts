import { afterAll, beforeAll, expect, test } from "vitest";

import { freshDatabase, type FreshDatabase } from "../../../dev/testing/fresh-database.ts";
import { queryDirectly } from "../../../dev/testing/query-directly.ts";
import { aRow } from "../../../test/support/builders.ts";
import { anAttempt, aSnapshot } from "../../../test/support/flush-builders.ts";
import { present } from "../../../test/support/player-builders.ts";
import type { ShardStore } from "../../core/shard-store.ts";
import { FLUSH_ROWS_MAX, STATEMENT_TIMEOUT_MS } from "../../shard/limits.ts";
import { connect } from "./connect.ts";
import { createShardStore } from "./shard-store.ts";

const SHARD = "g1-1-0";
const GOALS_PER_PLAYER = 4;
const PLAYERS_PER_FLUSH = FLUSH_ROWS_MAX / GOALS_PER_PLAYER;
/** Ten flushes of the largest size. */
const PLAYERS = 10 * PLAYERS_PER_FLUSH;
/** A busy second's share of the table: the more of a page one statement rewrites, the less of it can be HOT. */
const BUSY_PLAYERS = PLAYERS / 20;
const BUSY_FLUSHES = 12;
const HOT_SHARE_MIN = 0.9;

let fresh: FreshDatabase;
let store: ShardStore;
let flushes = 0;

beforeAll(async () => {
  fresh = await freshDatabase();
  const { url: databaseUrl, endpointUrl: httpEndpoint } = fresh;
  store = createShardStore(connect({ databaseUrl, httpEndpoint, timeoutMs: STATEMENT_TIMEOUT_MS }));
  await store.createFence(SHARD, "owner", 0);
});

afterAll(async () => {
  await fresh.drop();
});

test("the largest flush takes a fraction of its time limit, and updates stay within their page", async () => {
  const insertsMs: number[] = [];
  for (let start = 0; start < PLAYERS; start += PLAYERS_PER_FLUSH) {
    insertsMs.push(await flush(newPlayers(start, PLAYERS_PER_FLUSH)));
  }
  const updatesMs = [
    await flush(newPlayers(0, PLAYERS_PER_FLUSH)),
    await flush(scatteredPlayers(0, PLAYERS_PER_FLUSH)),
  ];
  const share = await hotShare();
  process.stdout.write(
    `${FLUSH_ROWS_MAX} rows inserted in ${insertsMs.join(", ")} ms, updated in ${updatesMs.join(", ")} ms; ` +
      `${(share * 100).toFixed(1)} % of scattered updates were HOT\n`,
  );
  expect(Math.max(...insertsMs, ...updatesMs)).toBeLessThan(STATEMENT_TIMEOUT_MS / 2);
  expect(share).toBeGreaterThanOrEqual(HOT_SHARE_MIN);
});

/** Sends one event's worth of change for each of these players and goals; answers the time it took. */
async function flush(players: readonly number[]): Promise<number> {
  const value = ++flushes;
  const rows = Array.from({ length: GOALS_PER_PLAYER }, (_, goal) =>
    aRow({ goalId: `goal-${goal}`, raw: value, progress: value, eventCount: value }),
  );
  const snapshots = players.map((player) =>
    aSnapshot({ player: { namespace: "arena", userId: `player-${player}` }, rows }),
  );
  const attempt = { flush: value, previous: value - 1, players: snapshots };
  const startedAt = performance.now();
  expect(await store.flush(anAttempt({ shard: SHARD, ...attempt }))).toBe(true);
  return Math.round(performance.now() - startedAt);
}

/** Players in the order in which they first came. */
function newPlayers(start: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => start + index);
}

/** Players from all over the table: a prime step sends them to pages of their own. */
function scatteredPlayers(start: number, count: number): number[] {
  return newPlayers(start, count).map((player) => (player * 7_919) % PLAYERS);
}

/**
 * Share of updates that wrote no index.
 *
 * A transaction that another test holds open, also in another database, keeps dead rows in their page meanwhile: rounds
 * go on until one has the server to itself.
 */
async function hotShare(): Promise<number> {
  let best = 0;
  const deadline = Date.now() + 10_000;
  while (best < HOT_SHARE_MIN && Date.now() < deadline) {
    const before = await updateCounts();
    for (let busy = 0; busy < BUSY_FLUSHES; busy++) {
      await flush(scatteredPlayers(busy * BUSY_PLAYERS, BUSY_PLAYERS));
    }
    const after = await updateCounts();
    expect(after.all - before.all).toBe(BUSY_FLUSHES * BUSY_PLAYERS * GOALS_PER_PLAYER);
    best = Math.max(best, (after.hot - before.hot) / (after.all - before.all));
  }
  return best;
}

/** Updates of the table so far. A backend reports what it did when it has been idle for ten seconds, or ends: so end it. */
async function updateCounts(): Promise<{ readonly all: number; readonly hot: number }> {
  const end = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity";
  const others = "datname = current_database() AND pid <> pg_backend_pid()";
  await queryDirectly(fresh.url, `${end} WHERE ${others}`);
  const counts = `
    SELECT n_tup_upd::float8 AS all, n_tup_hot_upd::float8 AS hot
    FROM pg_stat_user_tables WHERE relname = 'user_goal_progress'`;
  const row = present((await queryDirectly(fresh.url, counts))[0], "statistics row");
  return { all: Number(row["all"]), hot: Number(row["hot"]) };
}

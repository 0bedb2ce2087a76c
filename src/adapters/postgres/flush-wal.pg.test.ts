import { afterAll, beforeAll, expect, test } from "vitest";

import { freshDatabase, type FreshDatabase } from "../../../dev/testing/fresh-database.ts";
import { POSTGRES_ROW } from "../../../loadtest/cost-model/measured.ts";
import { aRow } from "../../../test/support/builders.ts";
import { anAttempt, aSnapshot } from "../../../test/support/flush-builders.ts";
import { STATEMENT_TIMEOUT_MS } from "../../shard/limits.ts";
import { connect, type Database } from "./connect.ts";
import { FLUSH, flushParameters } from "./flush-statement.ts";
import { createShardStore } from "./shard-store.ts";

const SHARD = "g1-1-0";
const GOALS_PER_PLAYER = 4;
const PLAYERS = 5_000;
const PLAYERS_PER_FLUSH = 250;
/** How far a measured figure may be from the documented one. */
const TOLERANCE = 0.25;

let fresh: FreshDatabase;
let database: Database;
let flushes = 0;

beforeAll(async () => {
  fresh = await freshDatabase();
  const { url: databaseUrl, endpointUrl: httpEndpoint } = fresh;
  database = connect({ databaseUrl, httpEndpoint, timeoutMs: STATEMENT_TIMEOUT_MS });
  await createShardStore(database).createFence(SHARD, "owner", 0);
});

afterAll(async () => {
  await fresh.drop();
});

// docs/scaling.md and `npm run cost` count with these figures.
test("a flushed row takes the WAL and the room that the cost model says, and a page image after a checkpoint", async () => {
  const inserts: Written[] = [];
  for (let start = 0; start < PLAYERS; start += PLAYERS_PER_FLUSH) {
    inserts.push(await flush(start, 1));
  }
  const stored = await tableBytes();
  const updates: Written[] = [];
  for (let start = 0; start < PLAYERS / 3; start += PLAYERS_PER_FLUSH) {
    updates.push(await flush(start, 7_919));
  }
  await database.query("CHECKPOINT", []);
  const afterCheckpoint = await flush(PLAYERS / 2, 7_919);
  // A checkpoint that another test causes makes the rows after it larger: hence the lowest quarter.
  const inserted = lowerQuartile(inserts);
  const updated = lowerQuartile(updates);
  process.stdout.write(
    `${stored.toFixed(0)} bytes per stored row; WAL bytes per row: inserted ${inserted.toFixed(0)}, updated ${updated.toFixed(0)}, ` +
      `updated after a checkpoint ${afterCheckpoint.bytesPerRow.toFixed(0)}; ` +
      `${updates.map(({ executionMs }) => executionMs.toFixed(1)).join(", ")} ms to execute ` +
      `${PLAYERS_PER_FLUSH * GOALS_PER_PLAYER} updates, ${updates.at(-1)?.planningMs.toFixed(1)} ms to plan them\n`,
  );
  expectAbout(stored, POSTGRES_ROW.storedBytes);
  expectAbout(inserted, POSTGRES_ROW.walBytesInserted);
  expectAbout(updated, POSTGRES_ROW.walBytesUpdated);
  expect(afterCheckpoint.bytesPerRow).toBeGreaterThan(2 * updated);
});

/** Heap and index entry of one row. */
async function tableBytes(): Promise<number> {
  const [row] = await database.query(
    "SELECT pg_total_relation_size('user_goal_progress')::float8",
    [],
  );
  return Number(row?.[0]) / (PLAYERS * GOALS_PER_PLAYER);
}

/** What one flush took in Postgres. */
interface Written {
  readonly bytesPerRow: number;
  readonly executionMs: number;
  readonly planningMs: number;
}

/** Flushes players `step` apart, so that a large prime sends each to a page of its own. */
async function flush(start: number, step: number): Promise<Written> {
  const value = ++flushes;
  const rows = Array.from({ length: GOALS_PER_PLAYER }, (_, goal) =>
    aRow({ goalId: `goal-${goal}`, raw: value, progress: value, eventCount: value }),
  );
  const players = Array.from({ length: PLAYERS_PER_FLUSH }, (_, index) => {
    const userId = `player-${((start + index) * step) % PLAYERS}`;
    return aSnapshot({ player: { namespace: "arena", userId }, rows });
  });
  const attempt = anAttempt({ shard: SHARD, flush: value, previous: value - 1, players });
  const query = `EXPLAIN (ANALYZE, WAL, SUMMARY) ${FLUSH}`;
  const lines = await database.query(query, flushParameters(attempt));
  const text = lines.map(([line]) => String(line)).join("\n");
  const bytes = numberIn(/Insert on user_goal_progress[^]*?WAL: [^\n]*?bytes=(\d+)/, text);
  return {
    bytesPerRow: bytes / (PLAYERS_PER_FLUSH * GOALS_PER_PLAYER),
    executionMs: numberIn(/Execution Time: ([\d.]+)/, text),
    planningMs: numberIn(/Planning Time: ([\d.]+)/, text),
  };
}

function numberIn(pattern: RegExp, text: string): number {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Error(`${pattern.source} is not in:\n${text}`);
  return Number(found);
}

function lowerQuartile(written: readonly Written[]): number {
  const sorted = written.map(({ bytesPerRow }) => bytesPerRow).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 4)] ?? Number.NaN;
}

function expectAbout(measured: number, documented: number): void {
  expect(Math.abs(measured - documented) / documented).toBeLessThan(TOLERANCE);
}

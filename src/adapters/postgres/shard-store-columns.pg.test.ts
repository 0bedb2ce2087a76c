import { getTableColumns } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { freshDatabase, type FreshDatabase } from "../../../dev/testing/fresh-database.ts";
import { rewardGrant, userGoalProgress } from "../../../drizzle/schema.ts";
import { aRow } from "../../../test/support/builders.ts";
import { aGrantLine, anAttempt, aSnapshot } from "../../../test/support/flush-builders.ts";
import { aClaim, aLateClaim } from "../../../test/support/player-builders.ts";
import type { GoalRow, GrantLine } from "../../core/player.ts";
import type { ShardStore } from "../../core/shard-store.ts";
import { connect, type Database } from "./connect.ts";
import { GRANT_COLUMNS } from "./grant-rows.ts";
import { createGrants } from "./grants.ts";
import { PROGRESS_COLUMNS } from "./progress-rows.ts";
import { createShardStore } from "./shard-store.ts";

let fresh: FreshDatabase;
let database: Database;
let store: ShardStore;
let names = 0;

beforeAll(async () => {
  fresh = await freshDatabase();
  const { url: databaseUrl, endpointUrl: httpEndpoint } = fresh;
  database = connect({ databaseUrl, httpEndpoint, timeoutMs: 5_000 });
  store = createShardStore(database);
});

afterAll(async () => {
  await fresh.drop();
});

/** What a row is after the way to Postgres and back. */
async function roundTrip(rows: readonly GoalRow[], userId = "ada"): Promise<GoalRow[]> {
  const shard = `g1-1000-${++names}`;
  const player = { namespace: `arena-${names}`, userId };
  await store.createFence(shard, "owner", 0);
  await store.flush(anAttempt({ shard, players: [aSnapshot({ player, rows })] }));
  const loaded = await store.load(shard, [player]);
  expect(loaded.rows.every((stored) => stored.player.userId === userId)).toBe(true);
  const order = rows.map((row) => row.goalId);
  return loaded.rows
    .map(({ row }) => row)
    .toSorted((a, b) => order.indexOf(a.goalId) - order.indexOf(b.goalId));
}

/** No field at its default. */
function aFullRow(): GoalRow {
  return aRow({
    status: "completed",
    isActive: false,
    raw: 12.5,
    baseline: 2.25,
    progress: 10.25,
    eventCount: 2 ** 52 + 1,
    period: "2026-03-10T00:00:00Z",
    schedule: "daily",
    periodEndsAt: Date.UTC(2026, 2, 11),
    round: 2_147_483_647,
    assignedAt: Date.UTC(2026, 2, 1, 0, 0, 0, 1),
    completedAt: Date.UTC(2026, 2, 2, 0, 0, 0, 2),
    claimedAt: Date.UTC(2026, 2, 3, 0, 0, 0, 3),
    lastEventAt: Date.UTC(2026, 2, 4, 0, 0, 0, 4),
    lastDay: "2026-03-10",
    lateClaim: aLateClaim({
      round: 7,
      reward: { type: "ITEM", rewardId: "SWORD", quantity: 0.5 },
      schedule: "weekly",
    }),
    openClaim: aClaim({
      period: "2026-03-10T00:00:00Z",
      round: 9,
      schedule: "monthly",
      until: Date.UTC(2026, 2, 12),
      isParked: true,
    }),
  });
}

describe("the statements' columns", () => {
  test("are those of the schema, with its types; the database itself sets updated_at", () => {
    const written = PROGRESS_COLUMNS.map(({ name, type }) => ({ name, type: SQL_TYPES[type] }));
    const described = Object.values(getTableColumns(userGoalProgress))
      .map((column) => ({ name: column.name, type: column.getSQLType() }))
      .filter(({ name }) => name !== "updated_at");
    expect(written).toEqual(described);
  });

  test("of the ledger are those of the schema", () => {
    const written = GRANT_COLUMNS.map(({ name, type }) => ({ name, type: SQL_TYPES[type] }));
    const described = Object.values(getTableColumns(rewardGrant));
    expect(written).toEqual(
      described.map((column) => ({ name: column.name, type: column.getSQLType() })),
    );
  });
});

const SQL_TYPES = {
  text: "text",
  float8: "double precision",
  int8: "bigint",
  int4: "integer",
  bool: "boolean",
  instant: "timestamp with time zone",
} as const;

describe("a row comes back as it was", () => {
  test("with everything set", async () => {
    expect(await roundTrip([aFullRow()])).toEqual([aFullRow()]);
  });

  test("with everything null", async () => {
    const row = aRow({ assignedAt: null });
    expect(await roundTrip([row])).toEqual([row]);
  });

  test("with a claim without period and end", async () => {
    const row = aRow({ openClaim: aClaim({ period: null, until: null }) });
    expect(await roundTrip([row])).toEqual([row]);
  });

  test.each(["not_started", "in_progress", "completed", "claimed"] as const)(
    "with status %s",
    async (status) => {
      expect(await roundTrip([aRow({ status })])).toEqual([aRow({ status })]);
    },
  );

  test("with every number that a double holds; -0 is stored as 0", async () => {
    const doubles = [
      5e-324,
      1.7976931348623157e308,
      0.1 + 0.2,
      2 ** 53 - 1,
      1 / 3,
      123456789.12345679,
      1e21,
      1e-7,
    ];
    const rows = doubles.map((value, index) =>
      aRow({ goalId: `goal-${index}`, raw: value, baseline: -value, progress: value }),
    );
    expect(await roundTrip(rows)).toEqual(rows);
    const [zero] = await roundTrip([aRow({ raw: -0, baseline: -0, progress: -0 })]);
    expect(zero).toEqual(aRow({ raw: 0, baseline: 0, progress: 0 }));
  });

  test("with instants exact to the millisecond, near and far", async () => {
    const start = Date.UTC(2026, 10, 20, 23, 59, 59);
    const instants = [
      ...Array.from({ length: 1_000 }, (_, index) => start + index),
      0,
      1,
      -1,
      Date.UTC(1970, 0, 1, 0, 0, 0, 999),
      Date.UTC(9999, 11, 31, 23, 59, 59, 999),
    ];
    const rows = instants.map((at, index) =>
      aRow({ goalId: `goal-${index}`, assignedAt: at, lastEventAt: at, periodEndsAt: at }),
    );
    expect(await roundTrip(rows)).toEqual(rows);
  });

  test.each([
    ["array syntax", String.raw`{a,b},"c",\,NULL,{}`],
    ["the word NULL", "NULL"],
    ["the word null", "null"],
    ["quotes", `'it''s' "quoted" \`ticks\``],
    ["backslashes", String.raw`\\ \n \x00 \u0041 \\\\`],
    ["unicode", "Äpfel 食べ物 👩‍👩‍👧‍👦 \u{10ffff} e\u0301"],
    ["blanks around", "  inside  "],
    ["SQL", "'); DROP TABLE user_goal_progress; --"],
    ["parameters", "$1 $2::text %s"],
    ["a right-to-left override", "abc\u202edef"],
  ])("with texts that hold %s", async (_, text) => {
    const rows = [
      aRow({ goalId: text, challengeId: text, period: text, lastDay: text }),
      aRow({
        goalId: `${text}2`,
        lateClaim: aLateClaim({ period: text, reward: { ...REWARD, rewardId: text } }),
        openClaim: aClaim({ grantId: text, period: text, reward: { ...REWARD, rewardId: text } }),
      }),
    ];
    expect(await roundTrip(rows, text)).toEqual(rows);
  });
});

const REWARD = { type: "WALLET", rewardId: "GOLD", quantity: 1 } as const;

describe("a ledger line comes back as it was", () => {
  async function roundTripLine(line: GrantLine): Promise<GrantLine[]> {
    const shard = `g1-1000-${++names}`;
    const player = { namespace: `arena-${names}`, userId: "ada" };
    await store.createFence(shard, "owner", 0);
    await store.flush(anAttempt({ shard, players: [aSnapshot({ player, grants: [line] })] }));
    return createGrants(database).ofPlayer(player);
  }

  test("with everything set", async () => {
    const line = aGrantLine({
      grantId: String.raw`full {NULL,"\"}`,
      period: "2026-03-10T00:00:00Z",
      reward: { type: "ITEM", rewardId: String.raw`{NULL,"\"}`, quantity: 1e-7 },
      state: "pending",
      attempts: 41,
      nextAttemptAt: Date.UTC(2026, 2, 1, 0, 0, 0, 1),
      lastError: String.raw`503 {"error":"it's \"busy\""}, try again: \\ NULL`,
      createdAt: Date.UTC(2026, 2, 1, 0, 0, 0, 2),
      grantedAt: Date.UTC(2026, 2, 1, 0, 0, 0, 3),
    });
    expect(await roundTripLine(line)).toEqual([line]);
  });

  test("with everything null", async () => {
    const line = aGrantLine({ grantId: "bare", state: "rejected", grantedAt: null });
    expect(await roundTripLine(line)).toEqual([line]);
  });
});

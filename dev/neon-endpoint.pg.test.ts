import { neon, neonConfig } from "@neondatabase/serverless";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";

import type { Around } from "./neon-endpoint-around.ts";
import { startNeonEndpoint } from "./neon-endpoint.ts";
import { freshDatabase, type FreshDatabase } from "./testing/fresh-database.ts";
import { queryDirectly } from "./testing/query-directly.ts";

let database: FreshDatabase;

beforeAll(async () => {
  database = await freshDatabase();
  neonConfig.fetchEndpoint = database.endpointUrl;
  await neon(database.url)`
    CREATE TABLE thing (id int PRIMARY KEY, name text CONSTRAINT thing_name_unique UNIQUE, weight double precision)`;
});

afterAll(async () => {
  await database.drop();
});

describe("a single statement", () => {
  test("answers rows as objects, with the values parsed by the driver", async () => {
    const sql = neon(database.url);
    const rows =
      await sql`SELECT 1 AS one, 'x' AS text, true AS yes, 1.5::float8 AS half, NULL AS none`;
    expect(rows).toEqual([{ one: 1, text: "x", yes: true, half: 1.5, none: null }]);
  });

  test("takes parameters of every kind that the repository uses", async () => {
    const sql = neon(database.url);
    const instant = new Date("2026-11-24T12:34:56.789Z");
    const rows = await sql.query(
      `SELECT $1::text AS text, $2::bigint AS big, $3::float8 AS double, $4::boolean AS flag, $5::timestamptz AS instant,
              $6::jsonb AS document, $7::bytea AS bytes, $8::text AS nothing`,
      ["ä\"'\\", 2 ** 53, 0.1, false, instant, { a: [1, null] }, Buffer.from([0, 255]), null],
    );
    expect(rows).toEqual([
      {
        text: "ä\"'\\",
        big: String(2 ** 53),
        double: 0.1,
        flag: false,
        instant,
        document: { a: [1, null] },
        bytes: Buffer.from([0, 255]),
        nothing: null,
      },
    ]);
  });

  test("takes arrays, with nulls and awkward texts in them, and unnests them side by side", async () => {
    const sql = neon(database.url);
    const texts = ["plain", 'quo"te', "back\\slash", "com,ma", "{brace}", "", "NULL", null];
    const numbers = [1, 2, 3, 4, 5, 6, 7, null];
    const rows = await sql.query("SELECT * FROM unnest($1::text[], $2::int[]) AS t(text, number)", [
      texts,
      numbers,
    ]);
    expect(rows).toEqual(texts.map((text, index) => ({ text, number: numbers[index] })));
  });

  test("answers arrays and full results when asked", async () => {
    const sql = neon(database.url, { arrayMode: true, fullResults: true });
    const result = await sql`SELECT 1 AS a, 2 AS a`;
    expect(result.rows).toEqual([[1, 2]]);
    expect(result).toMatchObject({ command: "SELECT", rowCount: 1, rowAsArray: true });
    expect(result.fields).toMatchObject([
      { name: "a", dataTypeID: 23, dataTypeSize: 4, dataTypeModifier: -1, format: "text" },
      { name: "a", dataTypeID: 23 },
    ]);
  });

  test("reports command and row count of writes", async () => {
    const sql = neon(database.url, { fullResults: true });
    const inserted = await sql`INSERT INTO thing (id) VALUES (1001), (1002)`;
    expect(inserted).toMatchObject({ command: "INSERT", rowCount: 2, rows: [] });
    const deleted = await sql`DELETE FROM thing WHERE id > 1000`;
    expect(deleted).toMatchObject({ command: "DELETE", rowCount: 2 });
    expect(await sql`CREATE TABLE other ()`).toMatchObject({ command: "CREATE", rowCount: null });
  });

  test("refuses two statements in one text, like Neon", async () => {
    await expect(neon(database.url).query("SELECT 1; SELECT 2")).rejects.toMatchObject({
      code: "42601",
    });
  });

  test("upserts a thousand rows by unnest", async () => {
    const sql = neon(database.url, { fullResults: true });
    const ids = Array.from({ length: 1000 }, (_, index) => 5000 + index);
    const upsert = () =>
      sql.query(
        `INSERT INTO thing AS t (id, weight) SELECT * FROM unnest($1::int[], $2::float8[])
         ON CONFLICT (id) DO UPDATE SET weight = t.weight + excluded.weight`,
        [ids, ids.map(() => 0.5)],
      );
    expect(await upsert()).toMatchObject({ rowCount: 1000 });
    expect(await upsert()).toMatchObject({ rowCount: 1000 });
    const { rows } = await sql`SELECT sum(weight) AS sum FROM thing WHERE id >= 5000`;
    expect(rows).toEqual([{ sum: 1000 }]);
  });
});

describe("a batch", () => {
  test("commits all of its statements, and each sees the ones before it", async () => {
    const sql = neon(database.url);
    const [, rows] = await sql.transaction([
      sql`INSERT INTO thing (id, name) VALUES (1, 'one')`,
      sql`SELECT name FROM thing WHERE id = 1`,
    ]);
    expect(rows).toEqual([{ name: "one" }]);
    expect(await sql`SELECT 1 AS there FROM thing WHERE id = 1`).toHaveLength(1);
  });

  test("rolls back everything at the first error", async () => {
    const sql = neon(database.url);
    const batch = sql.transaction([
      sql`INSERT INTO thing (id) VALUES (2)`,
      sql`SELECT 1 / 0`,
      sql`INSERT INTO thing (id) VALUES (3)`,
    ]);
    await expect(batch).rejects.toMatchObject({ code: "22012" });
    expect(await sql`SELECT 1 FROM thing WHERE id IN (2, 3)`).toEqual([]);
  });

  test.for([
    ["ReadUncommitted", "read uncommitted"],
    ["ReadCommitted", "read committed"],
    ["RepeatableRead", "repeatable read"],
    ["Serializable", "serializable"],
  ] as const)("runs under isolation level %s", async ([isolationLevel, shown]) => {
    const sql = neon(database.url);
    const [rows] = await sql.transaction([sql`SHOW transaction_isolation`], { isolationLevel });
    expect(rows).toEqual([{ transaction_isolation: shown }]);
  });

  test("refuses an isolation level that does not exist", async () => {
    const response = await post({ queries: [] }, { "Neon-Batch-Isolation-Level": "serializable" });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ message: "invalid isolation level", code: null });
  });

  test("refuses to write when it is read only, and is deferrable when asked", async () => {
    const sql = neon(database.url);
    const write = sql.transaction([sql`INSERT INTO thing (id) VALUES (9)`], { readOnly: true });
    await expect(write).rejects.toMatchObject({ code: "25006" });
    const [deferrable, readOnly] = await sql.transaction(
      [sql`SHOW transaction_deferrable`, sql`SHOW transaction_read_only`],
      { readOnly: true, deferrable: true, isolationLevel: "Serializable" },
    );
    expect(deferrable).toEqual([{ transaction_deferrable: "on" }]);
    expect(readOnly).toEqual([{ transaction_read_only: "on" }]);
  });

  test("leaves nothing of its transaction to the next request", async () => {
    const sql = neon(database.url);
    await sql.transaction([sql`SELECT 1`], { readOnly: true, isolationLevel: "Serializable" });
    expect(await sql`SHOW transaction_isolation`).toEqual([
      { transaction_isolation: "read committed" },
    ]);
    await sql`BEGIN`;
    await sql`INSERT INTO thing (id) VALUES (60)`;
    expect(await queryDirectly(database.url, "SELECT id FROM thing WHERE id = 60")).toEqual([
      { id: 60 },
    ]);
  });
});

test("values are JSON values when raw text is not asked for", async () => {
  const query = `SELECT 1 AS int, 2::bigint AS big, 1.5::float8 AS half, 'NaN'::float8 AS nan, true AS yes, NULL AS none,
    '{"a":1}'::jsonb AS document, ARRAY[[1,2],[3,NULL]] AS numbers, ARRAY['a','NULL'] AS texts, ARRAY[2]::bigint[] AS bigs`;
  const response = await post({ query });
  expect(await response.json()).toMatchObject({
    rowAsArray: false,
    rows: [
      {
        int: 1,
        big: "2",
        half: 1.5,
        nan: "NaN",
        yes: true,
        none: null,
        document: { a: 1 },
        numbers: [
          [1, 2],
          [3, null],
        ],
        texts: ["a", "NULL"],
        bigs: ["2"],
      },
    ],
  });
});

test("parameters that are not text are turned into text as Neon does it", async () => {
  const params = [7, true, { a: "b" }, ["x", 'y"', null, ["nested"], { k: 1 }].slice(0, 3)];
  const query = "SELECT $1::int + 1, $2::bool, $3::jsonb, $4::text[]";
  const response = await post({ query, params, arrayMode: true });
  expect(await response.json()).toMatchObject({
    rows: [[8, true, { a: "b" }, ["x", 'y"', null]]],
  });
});

test("what stands around a statement can hold back, repeat or drop it", async () => {
  const seen: string[] = [];
  const around: Around = async (request, run) => {
    seen.push(`${request.database}: ${request.statements[0]?.query}`);
    await run();
    await run();
    return "drop";
  };
  const endpoint = await startNeonEndpoint({
    serverUrl: inject("databaseServer").adminUrl,
    around,
  });
  try {
    await neon(database.url)`CREATE TABLE tally (n int)`;
    const response = fetch(endpoint.url, {
      method: "POST",
      headers: { "Neon-Connection-String": database.url },
      body: JSON.stringify({ query: "INSERT INTO tally VALUES (1)" }),
    });
    await expect(response).rejects.toThrow("fetch failed");
    expect(await neon(database.url)`SELECT count(*)::int AS n FROM tally`).toEqual([{ n: 2 }]);
    expect(seen).toEqual([
      `${new URL(database.url).pathname.slice(1)}: INSERT INTO tally VALUES (1)`,
    ]);
  } finally {
    await endpoint.stop();
  }
});

test("a fresh database has the shipped tables and shares nothing with another", async () => {
  const other = await freshDatabase();
  try {
    const rows = await neon(other.url)`
      SELECT to_regclass('user_goal_progress') IS NOT NULL AS shipped, to_regclass('thing') IS NULL AS own`;
    expect(rows).toEqual([{ shipped: true, own: true }]);
  } finally {
    await other.drop();
  }
});

function post(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(database.endpointUrl, {
    method: "POST",
    headers: { "Neon-Connection-String": database.url, ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

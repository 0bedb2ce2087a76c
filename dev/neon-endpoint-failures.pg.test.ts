import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

import { neon, neonConfig, NeonDbError } from "@neondatabase/serverless";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";

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

describe("a failure", () => {
  test("of a unique constraint carries the fields of Postgres", async () => {
    const sql = neon(database.url);
    await sql`INSERT INTO thing (id, name) VALUES (20, 'twenty')`;
    const error = await sql`INSERT INTO thing (id, name) VALUES (21, 'twenty')`.catch(String);
    expect(error).toContain("duplicate key value violates unique constraint");
    await expect(sql`INSERT INTO thing (id, name) VALUES (21, 'twenty')`).rejects.toMatchObject({
      name: "NeonDbError",
      code: "23505",
      severity: "ERROR",
      constraint: "thing_name_unique",
      table: "thing",
      schema: "public",
      detail: "Key (name)=(twenty) already exists.",
      routine: expect.any(String),
    });
  });

  test("of a value or a name carries code, position and hint", async () => {
    const sql = neon(database.url);
    await expect(sql`SELECT ${"x"}::int`).rejects.toMatchObject({ code: "22P02" });
    await expect(sql`SELECT * FROM nowhere`).rejects.toMatchObject({
      code: "42P01",
      position: "15",
    });
    await expect(sql`SELECT nam FROM thing`).rejects.toMatchObject({
      code: "42703",
      hint: expect.stringContaining("name"),
    });
  });

  test("of the password is Neon's, without a code", async () => {
    const wrong = new URL(database.url);
    wrong.password = "wrong";
    const attempt = neon(wrong.href)`SELECT 1`;
    await expect(attempt).rejects.toBeInstanceOf(NeonDbError);
    await expect(neon(wrong.href)`SELECT 1`).rejects.toMatchObject({
      message: `password authentication failed for user '${wrong.username}'`,
      code: undefined,
    });
  });

  test("to reach the database is a server error, whose outcome the driver does not know", async () => {
    const missing = new URL(database.url);
    missing.pathname = "/no_such_database";
    await expect(neon(missing.href)`SELECT 1`).rejects.toThrow(/HTTP status 500.*3D000/);
  });

  test("of a session that Postgres ends carries the code that it gave", async () => {
    const killed = neon(database.url)`SELECT pg_sleep(10)`.catch((error: unknown) => error);
    await expect
      .poll(() =>
        queryDirectly(
          database.url,
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                 WHERE state = 'active' AND query LIKE '%pg_sleep(10)' AND pid <> pg_backend_pid()`,
        ),
      )
      .toHaveLength(1);
    expect(await killed).toMatchObject({ code: "57P01" });
  });

  test("of the connection in the middle of a statement has no code", async () => {
    const cable = await startCable(Number(new URL(database.url).port));
    const serverUrl = new URL(inject("databaseServer").adminUrl);
    serverUrl.port = String(cable.port);
    const endpoint = await startNeonEndpoint({ serverUrl: serverUrl.href });
    try {
      const response = fetch(endpoint.url, {
        method: "POST",
        headers: { "Neon-Connection-String": database.url },
        body: JSON.stringify({ query: "SELECT pg_sleep(5) AS cut" }),
      });
      await expect
        .poll(() =>
          queryDirectly(
            database.url,
            "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(5) AS cut'",
          ),
        )
        .not.toEqual([]);
      cable.cut();
      expect((await response).status).toBe(400);
      expect(await (await response).json()).toMatchObject({
        message: "Connection terminated unexpectedly",
        code: null,
      });
    } finally {
      await endpoint.stop();
      cable.cut();
    }
  });

  test("to understand the request is told", async () => {
    for (const body of [
      "{",
      "[]",
      "{}",
      '{"query":1}',
      '{"queries":{}}',
      '{"query":"x","params":1}',
    ]) {
      const response = await post(body);
      expect(response.status).toBe(400);
      expect(await response.text()).toContain("could not parse the HTTP request body");
    }
    const other = await fetch(database.endpointUrl.replace("/sql", "/other"), { method: "POST" });
    expect(other.status).toBe(404);
    expect((await fetch(database.endpointUrl)).status).toBe(405);
  });

  test("by size is 507, and the statement has committed all the same", async () => {
    const sql = neon(database.url);
    const large = sql`
      INSERT INTO thing (id) SELECT 30 + n FROM generate_series(1, 11) AS n RETURNING repeat('x', 1048576)`;
    await expect(large).rejects.toThrow(/HTTP status 507/);
    expect(await sql`SELECT id FROM thing WHERE id BETWEEN 31 AND 41`).toHaveLength(11);
    const batch = sql.transaction([
      sql`DELETE FROM thing WHERE id BETWEEN 31 AND 41 RETURNING repeat('x', 1048576)`,
    ]);
    await expect(batch).rejects.toThrow(/HTTP status 507/);
    expect(await sql`SELECT id FROM thing WHERE id BETWEEN 31 AND 41`).toHaveLength(11);
  });

  test("of the client's patience does not stop the statement", async () => {
    const sql = neon(database.url);
    const impatient = sql.query(
      "WITH slow AS (SELECT pg_sleep(0.3)) INSERT INTO thing (id) SELECT 50 FROM slow",
      [],
      { fetchOptions: { signal: AbortSignal.timeout(50) } },
    );
    await expect(impatient).rejects.toThrow(/Error connecting to database: .*Timeout/);
    expect(await sql`SELECT id FROM thing WHERE id = 50`).toEqual([]);
    await expect
      .poll(() => sql`SELECT id FROM thing WHERE id = 50`, { timeout: 5000 })
      .toEqual([{ id: 50 }]);
  });
});

function post(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(database.endpointUrl, {
    method: "POST",
    headers: { "Neon-Connection-String": database.url, ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

/** A TCP connection to Postgres that can be cut. */
async function startCable(target: number): Promise<{ port: number; cut: () => void }> {
  const sockets: Socket[] = [];
  const server = createServer((near) => {
    const far = connect(target, "127.0.0.1");
    sockets.push(near, far);
    near.on("error", () => far.destroy()).pipe(far);
    far.on("error", () => near.destroy()).pipe(near);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  return {
    port: address !== null && typeof address === "object" ? address.port : 0,
    cut: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

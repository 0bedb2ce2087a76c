import { createLocalJWKSet, jwtVerify } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";

import { readFaults } from "./faults/control-client.ts";
import { startLocalServices, type LocalServicesOptions } from "./local-services.ts";
import { issuerName, signPlayerToken } from "./signing-key.ts";
import { statePaths } from "./state-paths.ts";
import { openState } from "./state.ts";
import { freshDatabase, type FreshDatabase } from "./testing/fresh-database.ts";
import { queryDirectly } from "./testing/query-directly.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

let database: FreshDatabase;
let other: FreshDatabase;

beforeAll(async () => {
  [database, other] = await Promise.all([freshDatabase(), freshDatabase()]);
});

afterAll(async () => {
  await Promise.all([database.drop(), other.drop()]);
});

async function options(databaseUrl: string): Promise<LocalServicesOptions> {
  const paths = statePaths(temporaryFolder());
  const state = await openState(paths, "default");
  return { paths, state, mode: "dev", databaseUrl, log: () => {} };
}

test("a state and a database belong together for good, and the database is never touched to make them fit", async () => {
  const mine = await options(database.url);
  await (await startLocalServices(mine)).stop();
  // A restart with both is fine.
  await (await startLocalServices(mine)).stop();

  // The same state must not meet another database, not even an empty one.
  await expect(startLocalServices({ ...mine, databaseUrl: other.url })).rejects.toThrow(
    /belongs to another database.*--reset/s,
  );
  // Nor a fresh state this database; nor the same state in the other way of running.
  await expect(startLocalServices(await options(database.url))).rejects.toThrow(
    /belongs to another local state.*DELETE FROM gauntlet_local.binding/s,
  );
  await expect(startLocalServices({ ...mine, mode: "services" })).rejects.toThrow(
    "belongs to another local state",
  );

  const bound = await queryDirectly(database.url, "SELECT id FROM gauntlet_local.binding");
  expect(bound).toEqual([{ id: mine.state.id }]);
  expect(
    await queryDirectly(other.url, "SELECT to_regclass('gauntlet_local.binding') AS binding"),
  ).toEqual([{ binding: null }]);
});

test("endpoint, fault control and key set answer at the addresses that are given", async () => {
  const mine = await options(other.url);
  const services = await startLocalServices(mine);
  try {
    const { DATABASE_HTTP_ENDPOINT, DATABASE_URL, JWKS_URL, JWT_ISSUER } = services.workerVars;
    const response = await fetch(DATABASE_HTTP_ENDPOINT ?? "", {
      method: "POST",
      headers: { "Neon-Connection-String": DATABASE_URL ?? "" },
      body: JSON.stringify({ query: "SELECT current_database() AS name" }),
    });
    const name = new URL(other.url).pathname.slice(1);
    expect(await response.json()).toMatchObject({ rows: [{ name }] });

    const subject = { userId: "u1", namespace: "default" };
    const issuer = issuerName(mine.state.id);
    const token = await signPlayerToken(mine.state.signingKey, issuer, subject, Date.now());
    const keys = createLocalJWKSet(await (await fetch(JWKS_URL ?? "")).json());
    await expect(jwtVerify(token, keys, { issuer: JWT_ISSUER ?? "" })).resolves.toBeDefined();

    expect(await readFaults(services.faultsUrl)).toMatchObject({ plan: null, calls: {} });
  } finally {
    await services.stop();
  }
});

test("the addresses stay the same over a restart", async () => {
  const third = await freshDatabase();
  const mine = await options(third.url);
  const first = await startLocalServices(mine);
  await first.stop();
  const second = await startLocalServices(mine);
  await second.stop();
  expect(second.workerVars).toEqual(first.workerVars);
  await third.drop();
});

test("a database that cannot be reached is named, with what to do", async () => {
  const missing = new URL(database.url);
  missing.pathname = "/no_such_database";
  await expect(startLocalServices(await options(missing.href))).rejects.toThrow(
    /DATABASE_URL names .*does not exist.*Correct DATABASE_URL/s,
  );
});

test.for(["nonsense", "mysql://u:p@h/d", "postgres://host/database", "postgres://u:p@host"])(
  "DATABASE_URL=%s is refused with the form that it should have",
  async (databaseUrl) => {
    await expect(startLocalServices(await options(databaseUrl))).rejects.toThrow(
      "postgres://user:password@host:5432/database",
    );
  },
);

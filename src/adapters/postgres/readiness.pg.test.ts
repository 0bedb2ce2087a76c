import { afterAll, beforeAll, expect, test } from "vitest";

import { freshDatabase, type FreshDatabase } from "../../../dev/testing/fresh-database.ts";
import { connect, type Database } from "./connect.ts";
import { createReadiness } from "./readiness.ts";

let fresh: FreshDatabase;
let database: Database;

beforeAll(async () => {
  fresh = await freshDatabase();
  const { url: databaseUrl, endpointUrl: httpEndpoint } = fresh;
  database = connect({ databaseUrl, httpEndpoint, timeoutMs: 5_000 });
});

afterAll(async () => {
  await fresh.drop();
});

test("a migrated database is ready; one that lacks tables names them and the remedy", async () => {
  const readiness = createReadiness(database);
  expect(await readiness.check()).toEqual([]);
  await database.query("DROP TABLE dead_letter", []);
  await database.query("DROP TABLE shard_fence", []);
  expect(await readiness.check()).toEqual([
    "lacks the tables shard_fence, dead_letter: run npm run db:migrate",
  ]);
});

test("a database that does not answer is DATABASE_UNAVAILABLE", async () => {
  const silent: Database = {
    query: async () => {
      throw new Error("connection reset");
    },
  };
  await expect(createReadiness(silent).check()).rejects.toMatchObject({
    failure: { code: "DATABASE_UNAVAILABLE" },
  });
});

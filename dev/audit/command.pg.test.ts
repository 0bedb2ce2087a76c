import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, expect, test } from "vitest";

import { freshDatabase, type FreshDatabase } from "../testing/fresh-database.ts";
import { queryDirectly } from "../testing/query-directly.ts";

const MAIN = fileURLToPath(new URL("main.ts", import.meta.url));

let fresh: FreshDatabase;

beforeAll(async () => {
  fresh = await freshDatabase();
});

afterAll(async () => {
  await fresh.drop();
});

/** Exit code and output of the command on a database. */
function run(databaseUrl: string, ...options: string[]) {
  const { promise, resolve } = Promise.withResolvers<[code: number, out: string, error: string]>();
  const env = { ...process.env, DATABASE_URL: databaseUrl };
  const child = execFile(process.execPath, [MAIN, ...options], { env }, (_error, out, problem) =>
    resolve([child.exitCode ?? -1, out, problem]),
  );
  return promise;
}

test("ends with 0 and counts when all is clean, with 1 and a line for each finding when it is not", async () => {
  const [clean, counts] = await run(fresh.url);
  expect([clean, counts]).toEqual([
    0,
    expect.stringMatching(/^Clean: all of \d+ .*\nLooked at: rows 0, /),
  ]);
  const insert = "INSERT INTO shard_fence VALUES ($1, 'owner', 1, 1, 8, 7)";
  await queryDirectly(fresh.url, insert, ["g1-1-0"]);
  await queryDirectly(fresh.url, insert, ["g1-1-1"]);
  const [broken, findings] = await run(fresh.url, "--user", "ada");
  expect(broken).toBe(1);
  expect(findings.split("\n").slice(0, 4)).toEqual([
    "fence-is-in-order: shard g1-1-0: epoch=1, flush=1, upto=8, high=7",
    "fence-is-in-order: shard g1-1-1: epoch=1, flush=1, upto=8, high=7",
    expect.stringMatching(/^2 × fence-is-in-order: A fence /),
    expect.stringMatching(/^2 findings; 1 of \d+ invariants are broken\.$/),
  ]);
});

test("ends with 2 when it cannot read, and says what to do", async () => {
  const nowhere = await run("postgres://nobody@127.0.0.1:9/nothing");
  expect(nowhere).toEqual([2, "", expect.stringMatching(/ECONNREFUSED[^]*npm run dev/)]);
  const [wrong, , usage] = await run(fresh.url, "--player", "ada");
  expect([wrong, usage]).toEqual([2, expect.stringContaining("Usage: npm run audit")]);
  expect((await run(fresh.url, "--user="))[0]).toBe(2);
  await queryDirectly(fresh.url, "ALTER TABLE reward_grant RENAME TO other");
  const [old, , missing] = await run(fresh.url);
  expect([old, missing]).toEqual([2, expect.stringContaining("npm run db:migrate")]);
});

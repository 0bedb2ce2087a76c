import { randomUUID } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { breakableDatabase, type BreakableDatabase } from "../../dev/testing/breakable-database.ts";
import { Api } from "./api.ts";
import { startContractStack, type ContractStack } from "./contract-stack.ts";
import { expectBody, expectProblem } from "./expect-answer.ts";
import type { Player } from "./player.ts";
import { testSetBack } from "./set-back.ts";
import { accepted, claimed, shards } from "./shapes.ts";
import { storedGrants, storedRows } from "./stored.ts";

// A stack of its own: these tests take the database away and stop the rest.
const folder = mkdtempSync(join(tmpdir(), "gauntlet-outage-"));

let database: BreakableDatabase;
let running: ContractStack;
let api: Api;

/** Longer than the longest pause between attempts, with room for a busy machine. */
const AFTER_OUTAGE = { timeout: 30_000, interval: 200 };

beforeAll(async () => {
  chmodSync(folder, 0o711);
  mkdirSync(join(folder, "stack"));
  database = await breakableDatabase(folder);
  await database.start();
  await startStack();
});

afterAll(async () => {
  database.thaw();
  await running.stack.stop();
  await database.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts the stack, anew on what an earlier one left. */
async function startStack(): Promise<void> {
  const databaseUrl = database.url;
  running = await startContractStack(join(folder, "stack"), { databaseUrl });
  api = new Api(running.access);
}

/** The same player in the stack that runs now. */
function again({ userId }: Player): Promise<Player> {
  return api.player({ userId });
}

async function isDuplicate(event: object): Promise<boolean> {
  return expectBody(await api.postEvents(event), 202, accepted).duplicates === 1;
}

async function stored(player: Player) {
  const rows = await storedRows(running.access.databaseUrl, player.userId);
  return rows.map(({ goalId, progress, eventCount, status }) => [
    goalId,
    progress,
    eventCount,
    status,
  ]);
}

async function shardsNow() {
  const answer = await api.call("/v1/admin/shards", { as: api.key("local") });
  return expectBody(answer, 200, shards).shards;
}

function sumOf<Item>(items: readonly Item[], amount: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + amount(item), 0);
}

test("while Postgres refuses, events and known players go on, and nothing is lost", async () => {
  const [known, stranger] = [await api.player(), await api.player()];
  const before = known.event({ statCode: "kills", latestValue: 3 });
  await api.postEvents(before);
  expect(await known.goal("default-kills")).toMatchObject({ progress: 3 });
  await database.stop();

  await known.does({ statCode: "kills", latestValue: 11 });
  expect(await known.goal("default-kills")).toMatchObject({ progress: 11, status: "completed" });
  const { grantId } = expectBody(await known.claim("defaults/default-kills"), 200, claimed);
  const early = stranger.event({ statCode: "kills", latestValue: 5 });
  await stranger.does(early);
  expect([await isDuplicate(before), await isDuplicate(early)]).toEqual([true, true]);

  for (const path of ["/v1/progress", "/v1/challenges", "/v1/challenges/modes"]) {
    const { detail } = expectProblem(await stranger.get(path), 503, "DATABASE_UNAVAILABLE");
    // What the driver said names addresses, which are no player's business.
    expect(detail).not.toMatch(/ECONNREFUSED|127\.0\.0\.1|HTTP|\{/);
  }
  expectProblem(await stranger.initialize(), 503, "DATABASE_UNAVAILABLE");
  const as = api.key("local");
  for (const path of ["/v1/admin/catalog", "/v1/admin/catalog/versions"]) {
    expectProblem(await api.call(path, { as }), 503, "DATABASE_UNAVAILABLE");
  }
  const ready = async () => (await api.call("/readyz")).status;
  await expect.poll(ready, { timeout: 15_000, interval: 500 }).toBe(503);
  const { errors } = expectProblem(await api.call("/readyz"), 503, "DATABASE_UNAVAILABLE");
  expect(errors?.map(({ path }) => path)).toContain("postgres");
  for (const path of ["/healthz", "/v1/catalog", "/v1/limits"]) {
    expect([path, (await api.call(path)).status]).toEqual([path, 200]);
  }
  const parked = async () => sumOf(await shardsNow(), ({ parkedPlayers }) => parkedPlayers);
  expect(await parked()).toBe(1);
  const failing = async () => (await shardsNow()).filter(({ lastError }) => lastError !== null);
  await expect.poll(async () => (await failing()).length, AFTER_OUTAGE).toBeGreaterThan(0);

  await database.start();
  await expect
    .poll(() => stored(known), AFTER_OUTAGE)
    .toEqual([["default-kills", 11, 2, "claimed"]]);
  await expect
    .poll(() => stored(stranger), AFTER_OUTAGE)
    .toEqual([["default-kills", 5, 1, "in_progress"]]);
  expect(await stranger.goal("default-kills")).toMatchObject({ progress: 5 });
  expect(await storedGrants(running.access.databaseUrl, known.userId)).toMatchObject([
    { grantId, state: "granted" },
  ]);
  expect([await isDuplicate(before), await isDuplicate(early)]).toEqual([true, true]);
  await expect.poll(failing, AFTER_OUTAGE).toEqual([]);
  expect(await parked()).toBe(0);
});

test("while Postgres hangs, the same", async () => {
  const [known, stranger] = [await api.player(), await api.player()];
  await known.does({ statCode: "kills", latestValue: 1 });
  database.freeze();
  try {
    const startedAt = Date.now();
    await known.does({ statCode: "kills", latestValue: 2 });
    expect(await known.goal("default-kills")).toMatchObject({ progress: 2 });
    await stranger.does({ statCode: "kills", latestValue: 4 });
    expect(Date.now() - startedAt).toBeLessThan(3_000);
    expectProblem(await stranger.get("/v1/progress"), 503, "DATABASE_UNAVAILABLE");
    expect(Date.now() - startedAt).toBeLessThan(15_000);
  } finally {
    database.thaw();
  }
  await expect
    .poll(() => stored(known), AFTER_OUTAGE)
    .toEqual([["default-kills", 2, 2, "in_progress"]]);
  await expect
    .poll(() => stored(stranger), AFTER_OUTAGE)
    .toEqual([["default-kills", 4, 1, "in_progress"]]);
});

test("after a restart all is there, what Postgres had not got yet included", async () => {
  const [settled, late, stranger] = [await api.player(), await api.player(), await api.player()];
  const events = [settled, late, stranger].map((player) =>
    player.event({ statCode: "kills", latestValue: 10 }),
  );
  const [first, second, third] = events;
  await settled.does({ ...first });
  const key = { "Idempotency-Key": randomUUID() };
  const paid = await settled.claim("defaults/default-kills", key);
  const { grantId } = expectBody(paid, 200, claimed);
  await settled.activate("modes/count-score");
  await late.progress();
  await expect.poll(() => stored(settled), AFTER_OUTAGE).toHaveLength(2);
  const { catalogVersion } = running.access;

  await database.stop();
  await late.does({ ...second });
  await stranger.does({ ...third });
  await running.stack.stop();
  await database.start();
  await startStack();

  expect(running.access.catalogVersion).toBe(catalogVersion);
  const [settledNow, lateNow, strangerNow] = await Promise.all(
    [settled, late, stranger].map(again),
  );
  expect(await settledNow?.goal("default-kills")).toMatchObject({ status: "claimed" });
  expect(await settledNow?.goal("count-score")).toMatchObject({ isActive: true });
  for (const player of [lateNow, strangerNow]) {
    expect(await player?.goal("default-kills")).toMatchObject({
      progress: 10,
      status: "completed",
    });
  }
  for (const event of events) expect(await isDuplicate(event)).toBe(true);
  const repeated = await settledNow?.claim("defaults/default-kills", key);
  expect([repeated?.status, repeated?.json]).toEqual([200, paid.json]);
  const other = await settledNow?.claim("defaults/default-kills");
  expect([other?.status, other?.json]).toEqual([409, expect.objectContaining({ grantId })]);
  for (const player of [late, stranger]) {
    await expect
      .poll(() => stored(player), AFTER_OUTAGE)
      .toEqual([["default-kills", 10, 1, "completed"]]);
  }
});

testSetBack(() => api);

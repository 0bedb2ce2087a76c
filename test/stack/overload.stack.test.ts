import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { breakableDatabase, type BreakableDatabase } from "../../dev/testing/breakable-database.ts";
import { shardOf } from "../../src/shard/routing.ts";
import { Api } from "./api.ts";
import { startContractStack, type ContractStack } from "./contract-stack.ts";
import { expectBody, expectProblem } from "./expect-answer.ts";
import type { Player } from "./player.ts";
import { accepted, shards } from "./shapes.ts";
import { storedRows } from "./stored.ts";

// A stack of its own: its journals take little, and its database goes away.
const folder = mkdtempSync(join(tmpdir(), "gauntlet-overload-"));
const LAYOUT = { generation: 1, count: 2 };
const JOURNAL_OPERATIONS_MAX = 100;
/** Longer than the longest pause between attempts, with room for a busy machine. */
const AFTER_OUTAGE = { timeout: 30_000, interval: 200 };

let database: BreakableDatabase;
let running: ContractStack;
let api: Api;

beforeAll(async () => {
  chmodSync(folder, 0o711);
  mkdirSync(join(folder, "stack"));
  database = await breakableDatabase(folder);
  await database.start();
  running = await startContractStack(join(folder, "stack"), {
    databaseUrl: database.url,
    vars: {
      SHARD_COUNT: String(LAYOUT.count),
      JOURNAL_OPERATIONS_MAX: String(JOURNAL_OPERATIONS_MAX),
    },
  });
  api = new Api(running.access);
});

afterAll(async () => {
  await running.stack.stop();
  await database.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A player of that shard, who is in its memory. */
async function playerOf(shard: string): Promise<Player> {
  for (;;) {
    const player = await api.player();
    if (shardOf({ namespace: "default", userId: player.userId }, LAYOUT) !== shard) continue;
    await player.does({ statCode: "kills", inc: 1 });
    return player;
  }
}

async function shardsNow() {
  const answer = await api.call("/v1/admin/shards", { as: api.key("operator") });
  return expectBody(answer, 200, shards).shards;
}

async function countedInPostgres({ userId }: Player): Promise<number | undefined> {
  const rows = await storedRows(running.access.databaseUrl, userId);
  return rows.find(({ goalId }) => goalId === "default-kills")?.eventCount;
}

test("a shard whose journal is full refuses, says when to come back, goes on reading, and recovers", async () => {
  const [full, other] = [await playerOf("g1-2-0"), await playerOf("g1-2-1")];
  await expect
    .poll(async () => (await shardsNow()).map(({ journalDepth }) => journalDepth), AFTER_OUTAGE)
    .toEqual([0, 0]);
  await database.stop();
  const kill = () => full.event({ statCode: "kills", inc: 1 });
  await full.does(...Array.from({ length: JOURNAL_OPERATIONS_MAX }, kill));

  // Commands and events of the full shard, one or many, and one that is at fault by itself among them.
  expectProblem(await full.setActive("modes/count-score", true), 503, "SHARD_OVERLOADED");
  expectProblem(await full.initialize(), 503, "SHARD_OVERLOADED");
  const late = kill();
  expectProblem(await api.postEvents(late), 503, "SHARD_OVERLOADED");
  expectProblem(await api.postEvents({ events: [late, { id: "bad" }] }), 503, "SHARD_OVERLOADED");
  const [depth] = await shardsNow();
  expect(depth?.journalDepth).toBe(JOURNAL_OPERATIONS_MAX);

  // A batch for both shards is taken where there is room; each item of the other part is told to come back.
  const there = other.event({ statCode: "kills", inc: 1 });
  const mixed = expectBody(await api.postEvents({ events: [there, late] }), 202, accepted);
  expect(mixed).toMatchObject({ accepted: 1, rejected: 1 });
  expect(mixed.results[1]).toMatchObject({
    id: late.id,
    status: "rejected",
    code: "SHARD_OVERLOADED",
    retryable: true,
  });

  // Reads go on, and the other shard's players do not notice.
  const seen = JOURNAL_OPERATIONS_MAX + 1;
  expect(await full.goal("default-kills")).toMatchObject({ progress: seen });
  expect((await full.get("/v1/challenges")).status).toBe(200);
  expect((await other.initialize()).status).toBe(200);
  expect((await api.call("/v1/catalog")).status).toBe(200);

  await database.start();
  const resend = async () => {
    const answer = await api.postEvents(late);
    return answer.status === 202 ? expectBody(answer, 202, accepted).accepted : answer.status;
  };
  await expect.poll(resend, AFTER_OUTAGE).toBe(1);
  expect((await full.initialize()).status).toBe(200);
  expect(await full.goal("default-kills")).toMatchObject({ progress: seen + 1 });
  await expect.poll(() => countedInPostgres(full), AFTER_OUTAGE).toBe(seen + 1);
  await expect.poll(() => countedInPostgres(other), AFTER_OUTAGE).toBe(2);
});

import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { queryDirectly } from "../../dev/testing/query-directly.ts";
import { sharedApi } from "./api.ts";
import { expectBody, expectProblem } from "./expect-answer.ts";
import { deadLetters, discardedLetter, retriedLetter } from "./letter-shapes.ts";
import type { Player } from "./player.ts";
import { storedRows } from "./stored.ts";

const api = sharedApi();
const { databaseUrl } = api.access;
const PATH = "/v1/admin/dead-letters";
/** A few statements, a flush interval, and a busy machine. */
const SOON = { timeout: 10_000, interval: 200 };

/** Players of whom Postgres takes no row in which this goal has moved beyond 5. */
const poisoned = ["retry", "discard"].map((what) => `poison-${what}-${randomUUID()}`);
const [retried = "", discarded = ""] = poisoned;
const CONSTRAINT = `poison_${randomUUID().replaceAll("-", "_")}`;

beforeAll(async () => {
  const list = poisoned.map((userId) => `'${userId}'`).join(", ");
  await queryDirectly(
    databaseUrl,
    `ALTER TABLE user_goal_progress ADD CONSTRAINT ${CONSTRAINT}
     CHECK (user_id NOT IN (${list}) OR goal_id <> 'absolute-score' OR progress <= 5) NOT VALID`,
    [],
  );
});

afterAll(dropConstraint);

function dropConstraint(): Promise<unknown> {
  const query = `ALTER TABLE user_goal_progress DROP CONSTRAINT IF EXISTS ${CONSTRAINT}`;
  return queryDirectly(databaseUrl, query, []);
}

/** All in one call, so that one flush takes all of them. */
async function scores(player: Player, ...values: number[]): Promise<void> {
  await player.does(...values.map((latestValue) => ({ statCode: "score", latestValue })));
}

async function storedScore({ userId }: Player): Promise<number | undefined> {
  const rows = await storedRows(databaseUrl, userId);
  const row = rows.find(({ goalId }) => goalId === "absolute-score");
  return row === undefined ? undefined : Number(row.progress);
}

async function openLettersOf({ userId }: Player) {
  const answer = await api.call(PATH, { as: api.key("operator") });
  const { deadLetters: letters } = expectBody(answer, 200, deadLetters);
  return letters.filter((letter) => letter.userId === userId);
}

function settle(id: number, action: "retry" | "discard") {
  return api.call(`${PATH}/${id}/${action}`, { method: "POST", as: api.key("operator") });
}

/** Plays until Postgres has a good score and the letters hold a bad one. */
async function poison(userId: string): Promise<{ player: Player; id: number }> {
  const player = await api.player({ userId });
  await player.activate("modes/absolute-score");
  await scores(player, 3);
  await expect.poll(() => storedScore(player), SOON).toBe(3);
  await scores(player, 8, 9);
  await expect.poll(async () => (await openLettersOf(player)).length, SOON).toBeGreaterThan(0);
  const [letter, ...more] = await openLettersOf(player);
  if (letter === undefined || more.length > 0) throw new Error("Not one letter.");
  expect(letter).toMatchObject({ namespace: "default", state: "open" });
  expect(letter.error).toContain(CONSTRAINT);
  const values = letter.operations.map(({ operation }) => operation["event"]);
  expect(values).toMatchObject([{ latestValue: 8 }, { latestValue: 9 }]);
  return { player, id: letter.id };
}

describe("a player whose rows Postgres refuses", () => {
  test("ends in a dead letter, keeps nobody else waiting, and comes right when it is retried", async () => {
    const others = await Promise.all(Array.from({ length: 24 }, () => api.player()));
    await Promise.all(others.map((player) => player.activate("modes/absolute-score")));
    const bad = poison(retried);
    for (const score of [10, 20]) {
      await Promise.all(others.map((player) => scores(player, score)));
      const stored = () => Promise.all(others.map(storedScore));
      await expect.poll(stored, SOON).toEqual(others.map(() => score));
    }
    const { player, id } = await bad;
    // Without the letter the player is where Postgres had it, and plays on.
    expect((await player.goal("absolute-score"))?.progress).toBe(3);
    await scores(player, 4);
    await expect.poll(() => storedScore(player), SOON).toBe(4);
    await dropConstraint();
    const { state, operations } = expectBody(await settle(id, "retry"), 200, retriedLetter);
    expect([state, ...operations.map(({ status }) => status)]).toEqual([
      "retried",
      "taken",
      "taken",
    ]);
    // The value of the later event stands, whatever was retried after it.
    expect((await player.goal("absolute-score"))?.progress).toBe(4);
    const stored = async () => (await storedRows(databaseUrl, player.userId))[0]?.eventCount;
    await expect.poll(stored, SOON).toBe(4);
    expectProblem(await settle(id, "retry"), 409, "CONFLICT");
    expect(await openLettersOf(player)).toEqual([]);
  });

  test("is as if it had never been when its letter is discarded", async () => {
    await queryDirectly(
      databaseUrl,
      `ALTER TABLE user_goal_progress ADD CONSTRAINT ${CONSTRAINT}
       CHECK (user_id <> '${discarded}' OR progress <= 5) NOT VALID`,
      [],
    );
    const { player, id } = await poison(discarded);
    await dropConstraint();
    expectBody(await settle(id, "discard"), 200, discardedLetter);
    expectProblem(await settle(id, "discard"), 409, "CONFLICT");
    await scores(player, 7);
    await expect.poll(() => storedScore(player), SOON).toBe(7);
    const [row] = await storedRows(databaseUrl, player.userId);
    expect(row?.eventCount).toBe(2);
  });
});

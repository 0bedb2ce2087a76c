import { describe, expect, test } from "vitest";

import { sharedApi } from "./api.ts";
import { expectBody } from "./expect-answer.ts";
import type { Player } from "./player.ts";
import { adminPlayer, claimed } from "./shapes.ts";
import { storedGrants, storedRows } from "./stored.ts";

const api = sharedApi();
const { databaseUrl } = api.access;

/** The bound on Postgres' lag: the flush interval of a second, one statement, and a busy machine. */
const SOON = { timeout: 3_000, interval: 100 };

/** What an operator sees of players, without what the rows do not hold, in the order of the rows. */
async function shownRows(players: readonly Player[]) {
  const inOrder = players.toSorted((a, b) => (a.userId < b.userId ? -1 : 1));
  const shown = await Promise.all(
    inOrder.map(async ({ userId }) => {
      const answer = await api.call(`/v1/admin/players/${userId}`, { as: api.key("local") });
      const { goals } = expectBody(answer, 200, adminPlayer);
      return goals
        .map(({ locked: _locked, expiresAt: _end, lateClaim: _late, ...row }) => ({
          userId,
          ...row,
        }))
        .toSorted((a, b) => (a.goalId < b.goalId ? -1 : 1));
    }),
  );
  return shown.flat();
}

async function storedWithoutCounts(players: readonly Player[]) {
  const rows = await storedRows(databaseUrl, ...players.map(({ userId }) => userId));
  return rows.map(({ eventCount: _count, ...row }) => row);
}

describe("three seconds later Postgres holds", () => {
  test("what an operator is shown, of players who did all kinds of things", async () => {
    const players = await Promise.all(Array.from({ length: 20 }, () => api.player()));
    await Promise.all(
      players.map(async (player, index) => {
        await player.activate("modes/absolute-score", "modes/relative-score", "daily/daily-damage");
        await player.does({}, { statCode: "score", latestValue: index * 10, inc: 1 });
        await player.does({ statCode: "kills", latestValue: index });
        await player.does({ statCode: "damage", inc: index / 3 });
        if (index % 2 === 0) await player.initialize();
        if (index % 3 === 0) await player.setActive("modes/absolute-score", false);
        await player.claim("defaults/default-login");
        await player.claim("defaults/default-kills");
      }),
    );
    const shown = await shownRows(players);
    await expect.poll(() => storedWithoutCounts(players), SOON).toEqual(shown);
    expect(shown.filter(({ status }) => status === "claimed")).toHaveLength(20 + 10);
  });

  test("each event once, though it was sent more than once, and none that came while inactive", async () => {
    const player = await api.player();
    await player.activate("modes/absolute-score");
    const events = Array.from({ length: 40 }, (_, index) =>
      player.event({ statCode: "score", latestValue: index }),
    );
    await api.postEvents({ events });
    await api.postEvents({ events: [...events, ...events] });
    await player.setActive("modes/absolute-score", false);
    await player.does({ statCode: "score", latestValue: 1 });
    await player.activate("modes/count-score");
    await player.does({ statCode: "score", latestValue: 1 }, { statCode: "score", inc: 1 });
    const counts = async () => {
      const rows = await storedRows(databaseUrl, player.userId);
      return rows.map(({ goalId, eventCount, progress }) => [goalId, eventCount, progress]);
    };
    await expect.poll(counts, SOON).toEqual([
      ["absolute-score", 40, 39],
      ["count-score", 2, 2],
    ]);
  });

  test("the events that an old value and a claimed goal did not move", async () => {
    const player = await api.player();
    const old = new Date(Date.now() - 60_000).toISOString();
    await player.does({ statCode: "kills", latestValue: 11 });
    await player.does({ statCode: "kills", latestValue: 99, timestamp: old });
    await player.claim("defaults/default-kills");
    await player.does({ statCode: "kills", latestValue: 50 });
    const row = async () => (await storedRows(databaseUrl, player.userId))[0];
    await expect
      .poll(row, SOON)
      .toMatchObject({ goalId: "default-kills", eventCount: 3, progress: 11, status: "claimed" });
  });

  test("one line of the ledger per claim, as it was answered", async () => {
    const player = await api.player();
    await player.does({}, { statCode: "kills", latestValue: 10 });
    const claims = ["defaults/default-kills", "defaults/default-login"] as const;
    const won = await Promise.all(
      claims.map(async (path) => {
        const answers = await Promise.all(Array.from({ length: 8 }, () => player.claim(path)));
        const answer = answers.find(({ status }) => status === 200);
        if (answer === undefined) throw new Error(`No claim of ${path} was answered 200.`);
        const { goalId, grantId, reward, claimedAt } = expectBody(answer, 200, claimed);
        return { goalId, grantId, reward, state: "granted", grantedAt: claimedAt };
      }),
    );
    const byGoal = async () =>
      (await storedGrants(databaseUrl, player.userId)).toSorted((a, b) =>
        String(a.goalId) < String(b.goalId) ? -1 : 1,
      );
    await expect.poll(byGoal, SOON).toEqual(won);
    const answer = await api.call(`/v1/admin/players/${player.userId}`, { as: api.key("local") });
    const { grants } = expectBody(answer, 200, adminPlayer);
    expect(grants.map(({ grantId }) => grantId).toSorted()).toEqual(
      won.map(({ grantId }) => grantId).toSorted(),
    );
    for (const grant of grants) {
      expect(grant).toMatchObject({ period: null, state: "granted", attempts: 1, lastError: null });
    }
  });
});

test("GET /v1/admin/players shows nothing of a player to whom nothing happened, and refuses what is no id", async () => {
  const { userId } = await api.player();
  const as = api.key("local");
  const answer = await api.call(`/v1/admin/players/${userId}`, { as });
  expect(expectBody(answer, 200, adminPlayer)).toEqual({ userId, goals: [], grants: [] });
  for (const odd of ["%00", "x".repeat(101), "a%0Ab"]) {
    const { status, json } = await api.call(`/v1/admin/players/${odd}`, { as });
    expect([status, json]).toEqual([400, expect.objectContaining({ code: "INVALID_REQUEST" })]);
  }
  const slashed = await api.player({ userId: `a/b ☃ ${userId}` });
  await slashed.does({});
  const path = `/v1/admin/players/${encodeURIComponent(slashed.userId)}`;
  const found = expectBody(await api.call(path, { as }), 200, adminPlayer);
  expect(found).toMatchObject({ userId: slashed.userId, goals: [{ goalId: "default-login" }] });
});

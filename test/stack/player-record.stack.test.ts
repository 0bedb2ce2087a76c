import { describe, test } from "vitest";

import { sharedApi } from "./api.ts";
import { expectBody, expectProblem } from "./expect-answer.ts";
import type { Player } from "./player.ts";
import {
  adminPlayer,
  claimed,
  erased,
  exported,
  initialized,
  rotationDocument,
  wasReset,
} from "./shapes.ts";
import { storedGrants, storedRows } from "./stored.ts";

const api = sharedApi();
const { databaseUrl } = api.access;

const KILLS = "defaults/default-kills";
const SOON = { timeout: 5_000, interval: 100 };

async function claimKills(player: Player): Promise<string> {
  await player.does({ statCode: "kills", latestValue: 10 });
  return expectBody(await player.claim(KILLS), 200, claimed).grantId;
}

function reset(player: Player, body?: object) {
  const path = `/v1/admin/players/${player.userId}/reset`;
  const sent = body === undefined ? {} : { body };
  return api.call(path, { method: "POST", as: api.key("local"), ...sent });
}

describe.concurrent("POST reset", () => {
  test("takes one goal back to where it was before all, so that it can be paid again", async ({
    expect,
  }) => {
    const player = await api.player();
    const grantId = await claimKills(player);
    await player.does({});
    const { userId, goals } = expectBody(
      await reset(player, { goalId: "default-kills" }),
      200,
      wasReset,
    );
    expect(userId).toBe(player.userId);
    expect(goals.find((line) => line.goalId === "default-kills")).toMatchObject({
      progress: 0,
      status: "not_started",
      isActive: true,
      completedAt: null,
      claimedAt: null,
    });
    expect(await player.goal("default-login")).toMatchObject({ progress: 1 });
    expect(await claimKills(player)).not.toBe(grantId);
    await expect
      .poll(async () => (await storedGrants(databaseUrl, player.userId)).length, SOON)
      .toBe(2);
  });

  test("takes all goals back when none is named", async ({ expect }) => {
    for (const body of [undefined, {}, { goalId: null }]) {
      const player = await api.player();
      await player.does({}, { statCode: "kills", latestValue: 12 });
      const { goals } = expectBody(await reset(player, body), 200, wasReset);
      expect(goals.map(({ progress, status }) => [progress, status])).toEqual([
        [0, "not_started"],
        [0, "not_started"],
      ]);
    }
  });

  test("refuses a goal that does not exist, and what is no goal id", async () => {
    const player = await api.player();
    expectProblem(await reset(player, { goalId: "nothing" }), 404, "GOAL_NOT_FOUND");
    expectProblem(await reset(player, { goalId: 1 }), 400, "INVALID_REQUEST");
  });
});

describe.concurrent("a player's own data", () => {
  test("are handed over whole", async ({ expect }) => {
    const player = await api.player();
    const empty = expectBody(await player.get("/v1/users/me/data"), 200, exported);
    expect(empty).toMatchObject({ userId: player.userId, goals: [], grants: [] });
    const grantId = await claimKills(player);
    const grants = async () =>
      expectBody(await player.get("/v1/users/me/data"), 200, exported).grants;
    await expect.poll(grants, SOON).toMatchObject([{ grantId, state: "granted" }]);
    const { goals } = expectBody(await player.get("/v1/users/me/data"), 200, exported);
    expect(goals).toMatchObject([{ goalId: "default-kills", status: "claimed", progress: 10 }]);
  });

  test.for(["player", "operator"])("are erased at the word of the %s", async (who, { expect }) => {
    const player = await api.player();
    await player.initialize();
    await player.does({ statCode: "kills", latestValue: 4 });
    await expect
      .poll(async () => (await storedRows(databaseUrl, player.userId)).length, SOON)
      .toBe(2);
    await player.does({ statCode: "kills", latestValue: 5 });
    const answer =
      who === "player"
        ? await player.send("DELETE", "/v1/users/me/data")
        : await api.call(`/v1/admin/players/${player.userId}`, {
            method: "DELETE",
            as: api.key("local"),
          });
    expect(expectBody(answer, 200, erased)).toEqual({ userId: player.userId, rowsDeleted: 2 });
    const fresh = { progress: 0, status: "not_started", isActive: true, assignedAt: null };
    expect(await player.goal("default-kills")).toMatchObject(fresh);
    const as = api.key("local");
    const seen = await api.call(`/v1/admin/players/${player.userId}`, { as });
    expect(expectBody(seen, 200, adminPlayer).goals).toEqual([]);
    await expect.poll(() => storedRows(databaseUrl, player.userId), SOON).toEqual([]);
    expect(expectBody(await player.initialize(), 200, initialized).newAssignments).toBe(2);
  });

  test("leave a ledger without a name, and what was paid once is not paid again", async ({
    expect,
  }) => {
    const player = await api.player();
    const grantId = await claimKills(player);
    await expect
      .poll(() => storedGrants(databaseUrl, player.userId), SOON)
      .toMatchObject([{ grantId, state: "granted" }]);
    expectBody(await player.send("DELETE", "/v1/users/me/data"), 200, erased);
    await expect.poll(() => storedGrants(databaseUrl, player.userId), SOON).toEqual([]);
    expect(await claimKills(player)).toBe(grantId);
  });

  test("can be erased when there are none", async ({ expect }) => {
    const player = await api.player();
    const answer = await player.send("DELETE", "/v1/users/me/data");
    expect(expectBody(answer, 200, erased)).toEqual({ userId: player.userId, rowsDeleted: 0 });
  });
});

describe.concurrent("GET rotation", () => {
  test("shows the current and the next period of the goals that rotate", async ({ expect }) => {
    const player = await api.player();
    const answer = await player.get("/v1/challenges/daily/rotation");
    const { challengeId, rotation, goals } = expectBody(answer, 200, rotationDocument);
    expect([challengeId, rotation.enabled, rotation.schedule]).toEqual(["daily", true, "daily"]);
    const { currentPeriod, nextPeriod } = rotation;
    expect(nextPeriod?.startTime).toBe(currentPeriod?.endTime);
    expect(Date.parse(currentPeriod?.startTime ?? "")).toBeLessThanOrEqual(Date.now());
    expect(Date.parse(currentPeriod?.endTime ?? "")).toBeGreaterThan(Date.now());
    expect(goals.map(({ goalId }) => goalId)).toEqual([
      "daily-damage",
      "daily-once",
      "daily-win",
      "daily-saved",
    ]);
    const shown = await player.get("/v1/challenges/daily");
    expect(shown.text).toContain(`"expiresAt":"${currentPeriod?.endTime}"`);
  });

  test("shows none where nothing rotates, and knows no challenge that does not exist", async ({
    expect,
  }) => {
    const player = await api.player();
    const answer = await player.get("/v1/challenges/modes/rotation");
    expect(expectBody(answer, 200, rotationDocument)).toEqual({
      challengeId: "modes",
      rotation: {
        enabled: false,
        type: null,
        schedule: null,
        currentPeriod: null,
        nextPeriod: null,
      },
      goals: [],
    });
    for (const id of ["nowhere", "tomorrow", "long-over"]) {
      const missing = await player.get(`/v1/challenges/${id}/rotation`);
      expectProblem(missing, 404, "CHALLENGE_NOT_FOUND");
    }
  });
});

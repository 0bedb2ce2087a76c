import { describe, expect, test } from "vitest";

import { sharedApi } from "./api.ts";
import { expectBody, expectProblem } from "./expect-answer.ts";
import { claimed } from "./shapes.ts";

const api = sharedApi();

const KILLS = "defaults/default-kills";

/** A player who has completed the goal of ten kills. */
async function killer() {
  const player = await api.player();
  await player.does({ statCode: "kills", latestValue: 10 });
  return player;
}

describe("POST claim", () => {
  test("pays a completed goal, and shows it claimed at once", async () => {
    const player = await killer();
    const paid = expectBody(await player.claim(KILLS), 200, claimed);
    expect(paid).toMatchObject({
      goalId: "default-kills",
      period: null,
      reward: { type: "WALLET", rewardId: "GOLD", quantity: 100 },
    });
    expect(Math.abs(Date.parse(paid.claimedAt) - Date.now())).toBeLessThan(10_000);
    const line = await player.goal("default-kills");
    expect(line).toMatchObject({ status: "claimed", claimedAt: paid.claimedAt, progress: 10 });
  });

  test("says of a claimed goal when it was claimed and under which grant", async () => {
    const player = await killer();
    const { claimedAt, grantId } = expectBody(await player.claim(KILLS), 200, claimed);
    const refused = expectProblem(await player.claim(KILLS), 409, "ALREADY_CLAIMED");
    expect(refused).toMatchObject({ claimedAt, grantId });
  });

  test("pays once when twenty claims come at once, and names the others the same grant", async () => {
    const player = await killer();
    const answers = await Promise.all(Array.from({ length: 20 }, () => player.claim(KILLS)));
    const won = answers.filter(({ status }) => status === 200);
    const lost = answers.filter(({ status }) => status === 409);
    expect([won.length, lost.length]).toEqual([1, 19]);
    const { grantId } = claimed.parse(won[0]?.json);
    for (const answer of lost) {
      expect(answer.text).toMatch(/"code":"(ALREADY_CLAIMED|CLAIM_IN_PROGRESS)"/);
      expect(answer.json).toMatchObject({ grantId });
    }
  });

  test("takes no body, an empty object, and fields that mean nothing", async () => {
    for (const body of [undefined, {}, { quantity: 1_000_000 }]) {
      const player = await killer();
      const options = body === undefined ? {} : { body };
      const path = "/v1/challenges/defaults/goals/default-kills/claim";
      const paid = expectBody(await player.send("POST", path, options), 200, claimed);
      expect(paid.reward.quantity).toBe(100);
    }
  });

  test("refuses a body that is no object", async () => {
    const player = await killer();
    const send = (body: string, type: string) =>
      player.send("POST", "/v1/challenges/defaults/goals/default-kills/claim", {
        body,
        headers: { "Content-Type": type },
      });
    expectProblem(await send("{}", "text/plain"), 415, "UNSUPPORTED_MEDIA_TYPE");
    expectProblem(await send("{", "application/json"), 400, "INVALID_JSON");
    expectProblem(await send("[]", "application/json"), 400, "INVALID_REQUEST");
  });

  test("is refused until the goal is active, completed, and its prerequisites are met", async () => {
    const player = await api.player();
    const last = () => player.claim("chain/chain-last");
    expectProblem(await last(), 400, "GOAL_NOT_ACTIVE");
    await player.activate("chain/chain-first", "chain/chain-last");
    expectProblem(await last(), 400, "GOAL_NOT_COMPLETED");
    await player.does({ statCode: "chain_b", inc: 1 });
    const both = expectProblem(await last(), 400, "PREREQUISITES_NOT_MET");
    expect(both.detail).toMatch(/default-kills.*chain-first/);
    await player.does({ statCode: "kills", latestValue: 10 });
    const one = expectProblem(await last(), 400, "PREREQUISITES_NOT_MET");
    expect(one.detail).not.toContain("default-kills");
    await player.does({ statCode: "chain_a", inc: 1 });
    await player.setActive("chain/chain-last", false);
    expectProblem(await last(), 400, "GOAL_NOT_ACTIVE");
    await player.activate("chain/chain-last");
    expect(expectBody(await last(), 200, claimed).goalId).toBe("chain-last");
  });

  test("closes the goal to events", async () => {
    const player = await killer();
    await player.claim(KILLS);
    await player.does({ statCode: "kills", latestValue: 999 });
    const line = await player.goal("default-kills");
    expect(line).toMatchObject({ status: "claimed", progress: 10 });
  });

  test("pays what was completed while its challenge is just over", async () => {
    const player = await api.player();
    const during = new Date(Date.now() - 2 * 3_600_000).toISOString();
    await player.does({ statCode: "over", latestValue: 5, timestamp: during });
    expectBody(await player.claim("just-over/just-over-goal"), 200, claimed);
  });

  test.each(["daily-damage", "daily-once"])("names the period of %s", async (goalId) => {
    const player = await api.player();
    await player.activate(`daily/${goalId}`);
    await player.does({ statCode: "damage", inc: 10 }, { statCode: "once", inc: 1 });
    const { period } = expectBody(await player.claim(`daily/${goalId}`), 200, claimed);
    const age = Date.now() - Date.parse(period ?? "");
    expect(age).toBeGreaterThan(0);
    expect(age).toBeLessThan(86_400_000);
    const { expiresAt } = (await player.goal(goalId)) ?? {};
    expect(Date.parse(expiresAt ?? "") - Date.parse(period ?? "")).toBe(86_400_000);
    expectProblem(await player.claim(`daily/${goalId}`), 409, "ALREADY_CLAIMED");
  });

  test("pays an item as well as a wallet", async () => {
    const player = await api.player();
    await player.does({});
    const paid = expectBody(await player.claim("defaults/default-login"), 200, claimed);
    expect(paid.reward).toEqual({ type: "ITEM", rewardId: "crown", quantity: 1 });
  });
});

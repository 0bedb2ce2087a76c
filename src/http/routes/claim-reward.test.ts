import { describe, expect, test } from "vitest";

import { FakeServices, PLAYER } from "../../../test/support/fake-services.ts";
import { NOON } from "../../../test/support/noon.ts";
import { refuse } from "../../core/errors.ts";
import type { ClaimResult } from "../../core/operation.ts";

const CLAIM = "/v1/challenges/first-steps/goals/ten-kills/claim";

describe("POST claim", () => {
  const result: ClaimResult = {
    kind: "claim",
    status: "claimed",
    goalId: "ten-kills",
    period: null,
    reward: { type: "WALLET", rewardId: "GOLD", quantity: 100 },
    claimedAt: NOON,
    grantId: "grant-1",
  };
  const answering = (answer: ClaimResult) => {
    const services = new FakeServices();
    services.players.answer = () => ({
      ok: true,
      value: { result: answer, view: services.players.viewOf },
    });
    return services;
  };
  const claim = async (services: FakeServices, body?: string) =>
    services.request(CLAIM, {
      method: "POST",
      headers: { ...PLAYER, ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
      ...(body === undefined ? {} : { body }),
    });

  test("is 200 when it is paid, with or without a body", async () => {
    for (const body of [undefined, "{}", '{"comment":"mine"}']) {
      const response = await claim(answering(result), body);
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual({
        goalId: "ten-kills",
        status: "claimed",
        period: null,
        reward: { type: "WALLET", rewardId: "GOLD", quantity: 100 },
        claimedAt: "2026-11-24T12:00:00.000Z",
        grantId: "grant-1",
      });
    }
  });

  test("is 202 while the shard goes on trying", async () => {
    const response = await claim(answering({ ...result, status: "pending", claimedAt: null }));
    expect(response.status).toBe(202);
    expect(await response.json()).toMatchObject({ status: "pending", claimedAt: null });
  });

  test("refuses a body that is no JSON object", async () => {
    expect((await claim(answering(result), "{")).status).toBe(400);
    expect((await claim(answering(result), "[]")).status).toBe(400);
  });

  test.each([
    ["GOAL_NOT_FOUND", 404],
    ["GOAL_NOT_ACTIVE", 400],
    ["GOAL_NOT_COMPLETED", 400],
    ["PREREQUISITES_NOT_MET", 400],
    ["CLAIM_IN_PROGRESS", 409],
    ["REWARD_REJECTED", 502],
  ] as const)("is refused by the rules with %s as %i", async (code, status) => {
    const services = new FakeServices();
    services.players.answer = () => refuse(code, "No.");
    const response = await claim(services);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ code, detail: "No.", status });
  });

  test("that was claimed already says when, and under which grant", async () => {
    const services = new FakeServices();
    services.players.answer = () =>
      refuse("ALREADY_CLAIMED", "Claimed.", { extra: { claimedAt: NOON, grantId: "grant-1" } });
    expect(await (await claim(services)).json()).toMatchObject({
      status: 409,
      code: "ALREADY_CLAIMED",
      claimedAt: "2026-11-24T12:00:00.000Z",
      grantId: "grant-1",
    });
  });
});

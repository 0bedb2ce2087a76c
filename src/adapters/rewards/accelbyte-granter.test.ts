import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { type FakeAgs, startFakeAgs } from "../../../test/support/fake-ags.ts";
import { aGrantRequest } from "../../../test/support/reward-requests.ts";
import type { GrantOutcome, GrantRequest } from "../../core/ports.ts";
import {
  type AccelByteSettings,
  AGS_SETTLE_MS,
  createAccelByteGranter,
} from "./accelbyte-granter.ts";

const CLIENT = { clientId: "gauntlet", clientSecret: "hunter2" };
const TIMEOUT_MS = 250;

let ags: FakeAgs;
let nowMs: number;

beforeEach(async () => {
  ags = await startFakeAgs(CLIENT);
  nowMs = Date.UTC(2026, 10, 24, 12);
});
afterEach(() => ags.stop());

function grant(
  request: GrantRequest,
  wish: Partial<AccelByteSettings> = {},
): Promise<GrantOutcome> {
  const tools = { fetch, clock: { now: () => nowMs }, timeoutMs: TIMEOUT_MS };
  const defaults: AccelByteSettings = {
    baseUrl: ags.url,
    ...CLIENT,
    namespace: null,
    itemGrants: "entitlement",
  };
  return createAccelByteGranter({ ...defaults, ...wish }, tools).grant(request);
}

const GOLD = aGrantRequest();
const CROWN = aGrantRequest({ reward: { type: "ITEM", rewardId: "crown", quantity: 2 } });
const FULFILLMENT = { itemGrants: "fulfillment" } as const;

/** A second call, `laterMs` after one that went unanswered. */
function again(request: GrantRequest, laterMs: number): GrantRequest {
  const unansweredAt = nowMs;
  nowMs += laterMs;
  return { ...request, unansweredAt };
}

describe("a wallet reward", () => {
  it("is a credit of the player's wallet that carries its grant id", async () => {
    expect(await grant(GOLD)).toEqual({ outcome: "granted" });
    const { grantId, challengeId, goalId } = GOLD;
    expect(ags.state.handedOut).toEqual([
      {
        how: "credit",
        namespace: "arena",
        userId: "ada",
        rewardId: "GOLD",
        quantity: 100,
        metadata: { gauntletGrantId: grantId, challengeId, goalId },
      },
    ]);
    expect(ags.calls).toEqual([
      "PUT /platform/admin/namespaces/arena/users/ada/wallets/GOLD/credit",
    ]);
  });

  it.each(["lose-answer", "bad-gateway"] as const)(
    "is not credited again after %s, but found in the wallet",
    async (kind) => {
      ags.fates.push({ kind });
      expect(await grant(GOLD)).toMatchObject({ outcome: "unknown" });
      expect(await grant(again(GOLD, 250))).toEqual({ outcome: "granted" });
      expect(ags.state.count("ada", "GOLD")).toBe(1);
    },
  );

  it("is not credited again while a call that was given up may still be under way", async () => {
    ags.fates.push({ kind: "hang", carriedOutAfterMs: TIMEOUT_MS + 200 });
    expect(await grant(GOLD)).toMatchObject({ outcome: "unknown" });
    const tooEarly = again(GOLD, AGS_SETTLE_MS - 1);
    expect(await grant(tooEarly)).toMatchObject({ outcome: "deferred" });
    await expect.poll(() => ags.state.count("ada", "GOLD")).toBe(1);
    expect(await grant(tooEarly)).toEqual({ outcome: "granted" });
    expect(ags.state.count("ada", "GOLD")).toBe(1);
  });

  it("is credited once it is certain that the call before did nothing", async () => {
    ags.fates.push({ kind: "hang", carriedOutAfterMs: null });
    expect(await grant(GOLD)).toMatchObject({ outcome: "unknown" });
    expect(await grant(again(GOLD, AGS_SETTLE_MS))).toEqual({ outcome: "granted" });
    expect(ags.state.count("ada", "GOLD")).toBe(1);
  });

  it("is found behind later credits, and of two goals only the one that was paid", async () => {
    await grant(GOLD);
    ags.state.addCredits(250, "ada", "GOLD");
    const before = ags.state.count("ada", "GOLD");
    const other = aGrantRequest({ grantId: "b".repeat(64) });
    expect(await grant(again(GOLD, AGS_SETTLE_MS))).toEqual({ outcome: "granted" });
    expect(ags.state.count("ada", "GOLD")).toBe(before);
    expect(await grant(again(other, AGS_SETTLE_MS))).toEqual({ outcome: "granted" });
    expect(ags.state.count("ada", "GOLD")).toBe(before + 1);
  });

  it("waits when the wallet cannot be looked through", async () => {
    ags.state.addCredits(500, "ada", "GOLD");
    expect(await grant(again(GOLD, AGS_SETTLE_MS))).toMatchObject({ outcome: "deferred" });
    for (const fate of [
      { kind: "answer", status: 500 },
      { kind: "answer", status: 404 },
      { kind: "answer", status: 200, body: { data: "?" } },
      { kind: "lose-answer" },
    ] as const) {
      ags.fates.push(fate);
      expect(await grant(again(GOLD, AGS_SETTLE_MS))).toMatchObject({ outcome: "deferred" });
    }
    expect(ags.state.count("ada", "GOLD")).toBe(500);
  });
});

describe("an item reward as an entitlement", () => {
  it("is granted in the player's namespace, or in the one that is configured", async () => {
    expect(await grant(CROWN)).toEqual({ outcome: "granted" });
    expect(await grant(CROWN, { namespace: "studio-arena" })).toEqual({ outcome: "granted" });
    const of = { how: "entitlement", userId: "ada", rewardId: "crown", quantity: 2 };
    expect(ags.state.handedOut).toMatchObject([
      { ...of, namespace: "arena" },
      { ...of, namespace: "studio-arena" },
    ]);
  });

  it("is not asked for again when it may have been granted: only an operator can tell", async () => {
    ags.fates.push({ kind: "lose-answer" });
    expect(await grant(CROWN)).toMatchObject({ outcome: "unknown" });
    for (const laterMs of [250, AGS_SETTLE_MS, 86_400_000]) {
      expect(await grant(again(CROWN, laterMs))).toEqual({
        outcome: "unknown",
        reason: expect.stringContaining("may have granted this item already"),
      });
    }
    expect(ags.state.count("ada", "crown")).toBe(1);
    expect(ags.calls).toHaveLength(1);
  });
});

describe("an item reward as a fulfillment", () => {
  it("is asked for by its grant id as often as it takes, and handed out once", async () => {
    ags.fates.push({ kind: "lose-answer" }, { kind: "bad-gateway" });
    expect(await grant(CROWN, FULFILLMENT)).toMatchObject({ outcome: "unknown" });
    expect(await grant(again(CROWN, 250), FULFILLMENT)).toMatchObject({ outcome: "unknown" });
    expect(await grant(again(CROWN, 500), FULFILLMENT)).toEqual({ outcome: "granted" });
    expect(ags.state.handedOut).toMatchObject([
      { how: "fulfillment", rewardId: "crown", metadata: { gauntletGrantId: CROWN.grantId } },
    ]);
    expect(new Set(ags.calls)).toEqual(
      new Set([`PUT /platform/v3/admin/namespaces/arena/users/ada/fulfillments/${CROWN.grantId}`]),
    );
  });

  it("is unknown while AGS has not fulfilled it, whatever the status says", async () => {
    ags.state.fulfillmentStates.push("FULFILL_FAILED");
    expect(await grant(CROWN, FULFILLMENT)).toMatchObject({ outcome: "unknown" });
    expect(await grant(again(CROWN, 250), FULFILLMENT)).toEqual({ outcome: "granted" });
    expect(ags.state.count("ada", "crown")).toBe(1);
  });

  it("was granted when it was revoked afterwards: it must not be paid again", async () => {
    ags.state.fulfillmentStates.push("REVOKED");
    expect(await grant(CROWN, FULFILLMENT)).toEqual({ outcome: "granted" });
  });

  it("may have been paid when its id was used for something else", async () => {
    await grant(CROWN, FULFILLMENT);
    const other = { ...CROWN, reward: { ...CROWN.reward, quantity: 3 } };
    expect(await grant(other, FULFILLMENT)).toMatchObject({
      outcome: "unknown",
      reason: expect.stringContaining("38128"),
    });
  });
});

describe("what AGS says", () => {
  it.each<[GrantOutcome["outcome"], readonly number[]]>([
    ["deferred", [301, 403, 404, 429]],
    ["unknown", [408, 409, 500, 503]],
    ["rejected", [400, 422]],
  ])("is %s by an answer of %j", async (outcome, statuses) => {
    for (const status of statuses) {
      for (const request of [GOLD, CROWN]) {
        ags.fates.push({ kind: "answer", status });
        const told = await grant(request);
        expect([status, told]).toEqual([status, expect.objectContaining({ outcome })]);
      }
    }
    expect(ags.state.handedOut).toEqual([]);
  });

  it("is a refusal when it does not know the item or the currency", async () => {
    ags.state.rewards.clear();
    for (const [request, errorCode] of [
      [GOLD, "36141"],
      [CROWN, "30341"],
    ] as const) {
      const told = await grant(request);
      expect(told).toMatchObject({
        outcome: "rejected",
        reason: expect.stringContaining(errorCode),
      });
    }
  });

  it("is told by its sentence and its error code", async () => {
    const body = { errorCode: 35123, errorMessage: "Wallet [w1] is inactive" };
    ags.fates.push({ kind: "answer", status: 400, body });
    expect(await grant(GOLD)).toEqual({
      outcome: "rejected",
      reason: "The reward service answered 400: Wallet [w1] is inactive (35123)",
    });
  });

  it("is never asked about a user or a currency whose id would lead elsewhere", async () => {
    for (const request of [
      aGrantRequest({ userId: ".." }),
      aGrantRequest({ userId: "." }),
      aGrantRequest({ reward: { ...GOLD.reward, rewardId: ".." } }),
    ]) {
      expect(await grant(request)).toMatchObject({ outcome: "rejected" });
    }
    expect(ags.calls).toEqual([]);
    const slashed = aGrantRequest({ userId: "a/../b?c#d é" });
    expect(await grant(slashed)).toEqual({ outcome: "granted" });
    expect(ags.state.count("a/../b?c#d é", "GOLD")).toBe(1);
  });
});

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { type FakeAgs, startFakeAgs } from "../../../test/support/fake-ags.ts";
import { aGrantRequest } from "../../../test/support/reward-requests.ts";
import type { RewardGranter } from "../../core/ports.ts";
import { createAccelByteGranter } from "./accelbyte-granter.ts";

const CLIENT = { clientId: "gauntlet", clientSecret: "hunter2" };
const LIFETIME_SECONDS = 600;

let ags: FakeAgs;
let granter: RewardGranter;
let nowMs = 0;

beforeEach(async () => {
  ags = await startFakeAgs({ ...CLIENT, tokenLifetimeSeconds: LIFETIME_SECONDS });
  granter = granterWith(CLIENT);
});
afterEach(() => ags.stop());

function granterWith(client: typeof CLIENT): RewardGranter {
  const tools = { fetch, clock: { now: () => nowMs }, timeoutMs: 250 };
  const settings = { baseUrl: ags.url, ...client, namespace: null };
  return createAccelByteGranter({ ...settings, itemGrants: "entitlement" }, tools);
}

/** A grant of its own each time. */
let grants = 0;
function grant() {
  return granter.grant(aGrantRequest({ grantId: String(++grants).padStart(64, "0") }));
}

describe("the AGS token", () => {
  it("is asked for once, also by calls at the same time", async () => {
    const outcomes = await Promise.all([grant(), grant(), grant()]);
    expect(outcomes).toEqual(Array.from({ length: 3 }, () => ({ outcome: "granted" })));
    await grant();
    expect(ags.tokensIssued()).toBe(1);
  });

  it("is replaced a minute before it expires", async () => {
    await grant();
    nowMs += (LIFETIME_SECONDS - 60) * 1_000 - 1;
    await grant();
    expect(ags.tokensIssued()).toBe(1);
    nowMs += 1;
    expect(await grant()).toEqual({ outcome: "granted" });
    expect(ags.tokensIssued()).toBe(2);
  });

  it("that AGS no longer takes is replaced within the same grant", async () => {
    await grant();
    ags.revokeTokens();
    expect(await grant()).toEqual({ outcome: "granted" });
    expect(ags.tokensIssued()).toBe(2);
    expect(ags.state.count("ada", "GOLD")).toBe(2);
  });

  it("is not asked for over and over when AGS takes none: nothing was paid, try later", async () => {
    ags.fates.push({ kind: "answer", status: 401 }, { kind: "answer", status: 401 });
    expect(await grant()).toMatchObject({
      outcome: "deferred",
      reason: expect.stringMatching(/^Configuration fault/),
    });
    expect(ags.tokensIssued()).toBe(2);
    expect(ags.state.handedOut).toEqual([]);
  });

  it("that cannot be had defers the grant, and the next try may get one", async () => {
    ags.tokenFates.push(500, 429);
    for (let tries = 0; tries < 2; tries++) {
      const told = await grant();
      expect(told).toMatchObject({ outcome: "deferred" });
      expect(JSON.stringify(told)).not.toContain("Configuration fault");
    }
    expect(await grant()).toEqual({ outcome: "granted" });
  });

  it("is refused to wrong credentials, which the reason names and does not repeat", async () => {
    granter = granterWith({ ...CLIENT, clientSecret: "swordfish" });
    const told = await grant();
    expect(told).toMatchObject({
      outcome: "deferred",
      reason: expect.stringMatching(/^Configuration fault.*AGS_CLIENT_SECRET/),
    });
    expect(JSON.stringify(told)).not.toMatch(/swordfish|Basic/);
    expect(ags.calls).toEqual([]);
  });
});

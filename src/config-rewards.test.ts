import { describe, expect, it } from "vitest";

import { parseConfig } from "./config.ts";

const GENERAL = {
  DEFAULT_NAMESPACE: "default",
  DATABASE_URL: "postgresql://user:secret@db.example.com/gauntlet",
  JWKS_URL: "https://issuer.example.com/jwks.json",
  JWT_ISSUER: "https://issuer.example.com",
  API_KEYS: "[]",
};
const SECRET = `whsec_${Buffer.alloc(32, 1).toString("base64")}`;
const WEBHOOK = {
  REWARDS: "webhook",
  WEBHOOK_URL: "https://rewards.example.com/grants",
  WEBHOOK_SECRETS: SECRET,
};
const AGS = {
  REWARDS: "accelbyte",
  AGS_BASE_URL: "https://studio.gamingservices.accelbyte.io/",
  AGS_CLIENT_ID: "a1b2c3",
  AGS_CLIENT_SECRET: "hunter2-secret",
};

function rewardsOf(vars: object) {
  const result = parseConfig({ ...GENERAL, ...vars });
  return result.ok ? result.config.rewards : result.problems;
}

function problemsOf(vars: object): readonly string[] {
  const result = parseConfig({ ...GENERAL, ...vars });
  return result.ok ? [] : result.problems;
}

describe("REWARDS", () => {
  it("is the ledger alone unless it says otherwise, whatever the vars of the others hold", () => {
    const unused = { WEBHOOK_URL: "?", WEBHOOK_SECRETS: "?", AGS_BASE_URL: "?", AGS_CLIENT_ID: "" };
    expect(rewardsOf({})).toEqual({ by: "record" });
    expect(rewardsOf({ ...unused, REWARDS: "record" })).toEqual({ by: "record" });
  });

  it("must be one of three", () => {
    expect(problemsOf({ REWARDS: "webhooks" })).toEqual([
      "REWARDS must be record, webhook or accelbyte",
    ]);
  });

  it("is told of beside what else is wrong", () => {
    expect(problemsOf({ REWARDS: "?", SHARD_COUNT: "?" }).join()).toMatch(/SHARD_COUNT.*REWARDS/);
  });
});

describe("REWARDS = webhook", () => {
  it("takes an address and one or two secrets", () => {
    expect(rewardsOf(WEBHOOK)).toMatchObject({ by: "webhook", url: WEBHOOK.WEBHOOK_URL });
    const two = { WEBHOOK_SECRETS: `${SECRET} ${SECRET}` };
    expect(rewardsOf({ ...WEBHOOK, ...two })).toMatchObject({ keys: { length: 2 } });
  });

  it("says of each var what is missing or wrong, and never what it holds", () => {
    expect(problemsOf({ REWARDS: "webhook", WEBHOOK_URL: "" })).toEqual([
      'WEBHOOK_URL is empty: REWARDS = "webhook" needs it',
      'WEBHOOK_SECRETS is missing: REWARDS = "webhook" needs it',
    ]);
    const wrong = { WEBHOOK_URL: "https://10.0.0.1/?key=hunter2", WEBHOOK_SECRETS: "hunter2" };
    const problems = problemsOf({ ...WEBHOOK, ...wrong });
    expect(problems).toEqual([
      expect.stringMatching(/^WEBHOOK_URL must name a host on the public internet/),
      expect.stringMatching(/^WEBHOOK_SECRETS must be one whsec_/),
    ]);
    expect(problems.join()).not.toContain("hunter2");
  });

  it("reaches a receiver on this machine only when that is allowed", () => {
    const local = { ...WEBHOOK, WEBHOOK_URL: "http://127.0.0.1:9000/grants" };
    expect(problemsOf(local)).toHaveLength(1);
    expect(problemsOf({ ...local, WEBHOOK_ALLOW_PRIVATE: "false" })).toHaveLength(1);
    expect(problemsOf({ ...local, WEBHOOK_ALLOW_PRIVATE: "true" })).toEqual([]);
    expect(problemsOf({ ...local, WEBHOOK_ALLOW_PRIVATE: "yes" })).toEqual([
      "WEBHOOK_ALLOW_PRIVATE must be true or false",
    ]);
  });
});

describe("REWARDS = accelbyte", () => {
  it("takes address, client and secret; namespace and way of granting have defaults", () => {
    expect(rewardsOf(AGS)).toEqual({
      by: "accelbyte",
      baseUrl: "https://studio.gamingservices.accelbyte.io",
      clientId: "a1b2c3",
      clientSecret: "hunter2-secret",
      namespace: null,
      itemGrants: "entitlement",
    });
    const more = { AGS_NAMESPACE: "studio-arena", AGS_ITEM_GRANTS: "fulfillment" };
    expect(rewardsOf({ ...AGS, ...more })).toMatchObject({
      namespace: "studio-arena",
      itemGrants: "fulfillment",
    });
  });

  it("says of each var what is missing or wrong, and never what it holds", () => {
    const names = ["AGS_BASE_URL", "AGS_CLIENT_ID", "AGS_CLIENT_SECRET"];
    expect(problemsOf({ REWARDS: "accelbyte" })).toEqual(
      names.map((name) => `${name} is missing: REWARDS = "accelbyte" needs it`),
    );
    const wrong = {
      AGS_BASE_URL: "http://ags.example.com/?hunter2",
      AGS_CLIENT_ID: "hunter2:x",
      AGS_CLIENT_SECRET: "hunter2 é",
      AGS_NAMESPACE: "hunter2!",
      AGS_ITEM_GRANTS: "hunter2",
    };
    const problems = problemsOf({ ...AGS, ...wrong });
    expect(problems).toHaveLength(5);
    expect(problems.join()).not.toContain("hunter2");
  });

  it("speaks http with this machine only, and takes no address with credentials", () => {
    expect(problemsOf({ ...AGS, AGS_BASE_URL: "http://127.0.0.1:9000" })).toEqual([]);
    expect(problemsOf({ ...AGS, AGS_BASE_URL: "http://ags.example.com" })).toHaveLength(1);
    expect(problemsOf({ ...AGS, AGS_BASE_URL: "https://user:pw@ags.example.com" })).toHaveLength(1);
  });
});

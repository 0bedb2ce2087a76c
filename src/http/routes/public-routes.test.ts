import { readFileSync } from "node:fs";

import { describe, expect, test } from "vitest";

import { aCatalog, aChallenge, aGoal } from "../../../test/support/builders.ts";
import { FakeServices } from "../../../test/support/fake-services.ts";
import { NOON } from "../../../test/support/noon.ts";
import { PLAYER_LIMITS, RATE_LIMITS } from "../../core/limits.ts";

describe("GET /v1/catalog", () => {
  test("shows the definitions to anybody, cacheable for a minute", async () => {
    const response = await new FakeServices().request("/v1/catalog");
    expect(response.status).toBe(200);
    expect(response.headers.get("Cache-Control")).toBe("public, max-age=60");
    const body = await response.json();
    expect(body.catalogVersion).toMatch(/^[0-9a-f]{64}$/);
    expect(body.challenges).toMatchObject([
      { challengeId: "first-steps", goals: [{ goalId: "ten-kills", rotation: null }] },
    ]);
  });

  test("has a strong ETag that changes when a challenge starts, and hides it before", async () => {
    const services = new FakeServices();
    const startsAt = new Date(NOON + 1_000).toISOString();
    const later = aChallenge({ challengeId: "later", startsAt, goals: [aGoal({ goalId: "l" })] });
    services.catalogs.install(aCatalog(aGoal(), later));
    const first = await services.request("/v1/catalog");
    const tag = first.headers.get("ETag") ?? "";
    expect(tag).toMatch(/^"/);
    expect((await first.json()).challenges).toHaveLength(1);
    const again = async () =>
      (await services.request("/v1/catalog", { headers: { "If-None-Match": tag } })).status;
    expect(await again()).toBe(304);
    services.nowMs += 1_000;
    expect(await again()).toBe(200);
    expect((await (await services.request("/v1/catalog")).json()).challenges).toHaveLength(2);
  });

  test("takes a namespace, and refuses what cannot be one", async () => {
    const services = new FakeServices();
    expect((await services.request("/v1/catalog?namespace=default")).status).toBe(200);
    expect((await services.request("/v1/catalog?namespace=elsewhere")).status).toBe(503);
    expect((await services.request("/v1/catalog?namespace=No%20Such")).status).toBe(400);
  });
});

test("GET /healthz answers while nothing else works", async () => {
  const services = new FakeServices();
  services.catalogs.history = [];
  services.missing = [{ path: "postgres", message: "does not answer" }];
  expect((await services.request("/healthz")).status).toBe(200);
});

describe("GET /readyz", () => {
  test("is 200 when nothing is missing", async () => {
    const response = await new FakeServices().request("/readyz");
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: "ready" });
  });

  test.each([
    [["postgres", "catalog"], "DATABASE_UNAVAILABLE"],
    [["catalog"], "NO_CATALOG"],
    [["kv"], "INTERNAL"],
  ])("is 503 naming %j, as %s", async (names, code) => {
    const services = new FakeServices();
    services.missing = names.map((path) => ({ path, message: "is missing" }));
    const response = await services.request("/readyz");
    expect(response.status).toBe(503);
    expect(response.headers.get("Retry-After")).toBe("5");
    expect(await response.json()).toMatchObject({ code, status: 503, errors: services.missing });
  });
});

test("GET /v1/limits publishes the limits in force", async () => {
  const response = await new FakeServices().request("/v1/limits");
  expect(await response.json()).toEqual({
    events: {
      maxPerRequest: 500,
      maxBytes: 1_048_576,
      maxFutureSeconds: 300,
      maxAgeSeconds: 604_800,
    },
    dedup: { maxIds: 1_000_000, seconds: 900 },
    rateLimits: RATE_LIMITS,
    perPlayer: PLAYER_LIMITS,
    flushIntervalMs: 1_000,
    catalog: { maxGoals: 5_000, maxBytes: 8_388_608 },
  });
});

test("the published rate limits are those of wrangler.toml", () => {
  const toml = readFileSync("wrangler.toml", "utf8");
  for (const [name, { requests, seconds }] of Object.entries(RATE_LIMITS)) {
    const binding = `${name.toUpperCase()}_RATE`;
    const found = new RegExp(`"${binding}"[^\\[]*limit = (\\d+), period = (\\d+)`).exec(toml);
    expect([name, Number(found?.[1]), Number(found?.[2])]).toEqual([name, requests, seconds]);
  }
});

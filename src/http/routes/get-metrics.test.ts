import { describe, expect, test } from "vitest";

import {
  FakeServices,
  GAME_SERVER,
  OPERATOR,
  PLAYER,
} from "../../../test/support/fake-services.ts";
import { parseOpenMetrics } from "../../../test/support/open-metrics-parser.ts";
import { KILLS } from "../../../test/support/simulated-parts.ts";
import { SimulatedShard } from "../../../test/support/simulated-shard.ts";

async function scrape(services: FakeServices) {
  const response = await services.request("/metrics", { headers: OPERATOR });
  expect(response.status).toBe(200);
  expect(response.headers.get("Content-Type")).toBe(
    "application/openmetrics-text; version=1.0.0; charset=utf-8",
  );
  return parseOpenMetrics(await response.text());
}

describe("GET /metrics", () => {
  test("tells of every shard that answers, and of each that does not", async () => {
    const services = new FakeServices();
    const shard = new SimulatedShard(KILLS);
    await shard.time.until(shard.event("e1", "ada"));
    await shard.time.until(shard.alarm());
    services.players.readings = [
      { shard: "g1-2-0", metrics: { ...shard.engine.metrics(), shard: "g1-2-0" } },
      { shard: "g1-2-1", metrics: null },
    ];
    const families = await scrape(services);
    const samplesOf = (name: string) =>
      families
        .find((family) => family.name === name)
        ?.samples.map(({ labels, value }) => [labels, value]);
    expect(samplesOf("gauntlet_shard_up")).toEqual([
      [{ shard: "g1-2-0" }, 1],
      [{ shard: "g1-2-1" }, 0],
    ]);
    expect(samplesOf("gauntlet_flushed_rows")).toEqual([[{ shard: "g1-2-0" }, 1]]);
    expect(samplesOf("gauntlet_events")).toContainEqual([
      { result: "accepted", shard: "g1-2-0" },
      1,
    ]);
    expect(samplesOf("gauntlet_build")).toEqual([[{ generation: "1", shards: "8" }, 1]]);
  });

  test("is a valid exposition also when no shard answers", async () => {
    const services = new FakeServices();
    services.players.readings = [{ shard: "g1-1-0", metrics: null }];
    expect((await scrape(services)).length).toBeGreaterThan(20);
  });

  test("is for operators, and for whoever has METRICS_TOKEN", async () => {
    const services = new FakeServices();
    const statusFor = async (headers: Record<string, string>) =>
      (await services.request("/metrics", { headers })).status;
    expect(await statusFor({})).toBe(401);
    expect(await statusFor(PLAYER)).toBe(401);
    expect(await statusFor({ Authorization: "Bearer metrics-toke" })).toBe(401);
    expect(await statusFor(GAME_SERVER)).toBe(403);
    expect(await statusFor(OPERATOR)).toBe(200);
    expect(await statusFor({ Authorization: "Bearer metrics-token" })).toBe(200);
    services.config = { ...services.config, basePath: "/challenge" };
    expect((await services.request("/challenge/metrics", { headers: OPERATOR })).status).toBe(200);
  });
});

describe("the application counts", () => {
  test("each request by its route's pattern and status, and events that were none", async () => {
    const services = new FakeServices();
    await services.request("/v1/challenges/first-steps", { headers: PLAYER });
    await services.request("/v1/nowhere/gk_key_secret");
    await services.send("POST", "/v1/events", { events: [{}, { id: "e" }] }, GAME_SERVER);
    const delta = services.tally.carriedNow("g1-1-0", 0);
    expect(delta?.counts.requests).toEqual({
      "GET /v1/challenges/:challengeId 200": 1,
      "GET unmatched 404": 1,
      "POST /v1/events 202": 1,
    });
    expect(delta?.counts.invalidEvents).toBe(2);
  });
});

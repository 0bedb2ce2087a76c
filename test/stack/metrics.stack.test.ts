import { randomUUID } from "node:crypto";

import { describe, expect, test } from "vitest";

import { parseOpenMetrics, type ParsedFamily } from "../support/open-metrics-parser.ts";
import { sharedApi } from "./api.ts";
import { METRICS_TOKEN } from "./contract-stack.ts";
import { expectProblem } from "./expect-answer.ts";

const api = sharedApi();

/** One scrape, as Prometheus makes it. */
async function scrape(): Promise<readonly ParsedFamily[]> {
  const answer = await api.call("/metrics", { as: METRICS_TOKEN });
  expect(answer.status, answer.text).toBe(200);
  expect(answer.headers.get("Content-Type")).toMatch(/^application\/openmetrics-text; version=1/);
  return parseOpenMetrics(answer.text);
}

/** What a sample of this name and these labels has, summed over shards; 0 when there is none. */
function sum(
  families: readonly ParsedFamily[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number {
  const wanted = Object.entries(labels);
  return families
    .flatMap(({ samples }) => samples)
    .filter((sample) => sample.name === name)
    .filter((sample) => wanted.every(([label, value]) => sample.labels[label] === value))
    .reduce((total, { value }) => total + value, 0);
}

/** By how much counters have grown between two scrapes. */
function growth(before: readonly ParsedFamily[], after: readonly ParsedFamily[]) {
  return (name: string, labels: Readonly<Record<string, string>> = {}) =>
    sum(after, name, labels) - sum(before, name, labels);
}

/** Scrapes until Postgres holds everything. */
async function untilFlushed(): Promise<readonly ParsedFamily[]> {
  let families = await scrape();
  const operations = async () => {
    families = await scrape();
    return sum(families, "gauntlet_journal_operations");
  };
  await expect.poll(operations, { timeout: 15_000, interval: 200 }).toBe(0);
  return families;
}

describe("GET /metrics over a running stack", () => {
  test("sums to the requests that were sent, by route and status", async () => {
    const player = await api.player();
    const before = await scrape();
    for (let read = 0; read < 3; read++) await player.get("/v1/challenges");
    await player.get("/v1/challenges/of-nobody");
    await api.call("/v1/challenges");
    await api.call(`/v1/${randomUUID()}`, { as: player.token });
    const grown = growth(before, await scrape());
    const requests = (route: string, status: string) =>
      grown("gauntlet_requests_total", { route, status });
    expect(requests("/v1/challenges", "200")).toBe(3);
    expect(requests("/v1/challenges/:challengeId", "404")).toBe(1);
    expect(requests("/v1/challenges", "401")).toBe(1);
    expect(requests("unmatched", "404")).toBe(1);
    // The first of the two scrapes: the second one is not over when it is counted.
    expect(requests("/metrics", "200")).toBe(1);
    const reads = { group: "player-reads" };
    expect(grown("gauntlet_request_duration_seconds_count", reads)).toBe(5);
  });

  test("sums to the events that were sent, by what became of them, and to their rows", async () => {
    const player = await api.player();
    const before = await untilFlushed();
    const kill = player.event({ statCode: "kills", inc: 1 });
    const unused = player.event({ statCode: "no-goal-uses-it", inc: 1 });
    const old = player.event({ statCode: "kills", inc: 1, timestamp: "2001-01-01T00:00:00Z" });
    await api.postEvents({ events: [kill, unused, old, { id: "no event" }, 7] });
    await api.postEvents(kill);
    const after = await untilFlushed();
    const grown = growth(before, after);
    const events = (result: string) => grown("gauntlet_events_total", { result });
    expect(["accepted", "duplicate", "ignored", "rejected", "invalid"].map(events)).toEqual([
      1, 1, 1, 1, 2,
    ]);
    expect(grown("gauntlet_flushed_rows_total")).toBeGreaterThan(0);
    const flushes = grown("gauntlet_flushes_total");
    expect(flushes).toBeGreaterThan(0);
    expect(grown("gauntlet_flush_lag_seconds_count")).toBe(flushes);
    expect(grown("gauntlet_flush_duration_seconds_count")).toBe(flushes);
    expect(grown("gauntlet_flush_failures_total")).toBe(0);
    expect(sum(after, "gauntlet_shard_up")).toBe(8);
  });

  test("names no player, no key and no path", async () => {
    const player = await api.player();
    await player.get(`/v1/challenges/${player.userId}`);
    await api.call(`/${api.key("local")}`, { headers: { "X-Request-Id": api.key("local") } });
    const { text } = await api.call("/metrics", { as: api.key("operator") });
    for (const secret of [player.userId, player.token, api.key("local"), METRICS_TOKEN]) {
      expect(text).not.toContain(secret);
    }
  });

  test("asks for an operator's key or the scraper's token", async () => {
    expectProblem(await api.call("/metrics"), 401, "UNAUTHENTICATED");
    expectProblem(await api.call("/metrics", { as: `${METRICS_TOKEN}x` }), 401, "UNAUTHENTICATED");
    expectProblem(await api.call("/metrics", { as: api.key("local") }), 403, "FORBIDDEN");
    expect((await api.call("/metrics", { as: api.key("operator") })).status).toBe(200);
  });
});

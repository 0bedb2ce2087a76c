import { describe, expect, test } from "vitest";

import { KILLS } from "../../test/support/simulated-parts.ts";
import { SimulatedShard } from "../../test/support/simulated-shard.ts";
import type { RequestDelta } from "../core/request-tally.ts";
import { ShardCounters } from "./shard-counters.ts";

const challengeId = KILLS.document.challenges[0]?.challengeId ?? "";
const claim = { kind: "claim", challengeId, goalId: "kills" } as const;

function aDelta(number: number, isolate = "isolate"): RequestDelta {
  const counts = { requests: { "GET /healthz 200": 1 }, durations: {}, invalidEvents: 2 };
  return { isolate, number, counts };
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

describe("a shard counts", () => {
  test("events by what they were answered, flushes, rows, loads and the age of what they wrote", async () => {
    const shard = new SimulatedShard(KILLS);
    await shard.time.until(
      shard.events([
        { eventId: "e1", userId: "ada" },
        { eventId: "e1", userId: "ada" },
        { eventId: "e2", userId: "bob", facts: { statCode: "unused" } },
        { eventId: "e3", userId: "bob", facts: { timestamp: 0 } },
      ]),
    );
    await shard.time.pass(600);
    await shard.time.until(shard.alarm());
    const { now, counts } = shard.engine.metrics();
    expect(counts.events).toEqual({ accepted: 1, duplicate: 1, ignored: 1, rejected: 1 });
    expect(counts).toMatchObject({ flushes: 1, flushedRows: 1, loads: 1, loadedPlayers: 2 });
    expect(counts.fenceClaims).toBe(1);
    expect(total(counts.lags.counts)).toBe(1);
    expect(counts.lags.sum).toBeGreaterThanOrEqual(600);
    expect(total(counts.flushDurations.counts)).toBe(1);
    expect(now).toMatchObject({ journalOperations: 0, journalBytes: 0, dirtyPlayers: 0 });
    expect(now).toMatchObject({ residentPlayers: 2, dedupIds: 1, isStopped: false });
    expect(now.lastFlushAt).toBe(shard.engine.status().lastFlushAt);
  });

  test("what fails: flushes, loads, and the calls that had to be refused for it", async () => {
    const shard = new SimulatedShard(KILLS);
    shard.store.fate = () => "lost-request";
    await shard.time.until(shard.event("e1", "ada"));
    await shard.time.until(shard.view("bob"));
    await shard.time.until(shard.alarm());
    const { now, counts } = shard.engine.metrics();
    expect(counts.flushFailures).toBe(1);
    expect(counts.loadFailures).toBeGreaterThan(0);
    expect(counts.refusals).toEqual({ "read DATABASE_UNAVAILABLE": 1 });
    expect(now).toMatchObject({ journalOperations: 1, parkedPlayers: 1, lastFlushAt: null });
  });

  test("what the reward service said, and the grants that are still open", async () => {
    const shard = new SimulatedShard(KILLS);
    const outcomes = [{ outcome: "unknown", reason: "timeout" } as const];
    shard.grant = () => Promise.resolve(outcomes.shift() ?? { outcome: "granted" });
    for (const eventId of ["e1", "e2", "e3"]) await shard.time.until(shard.event(eventId, "ada"));
    const call = shard.command("ada", claim, "key");
    await shard.time.pass(100);
    expect(shard.engine.metrics().now.openGrants).toBe(1);
    await shard.time.until(call);
    const { now, counts } = shard.engine.metrics();
    expect(now.openGrants).toBe(0);
    expect(counts.grants).toMatchObject({ granted: 1, unknown: 1, rejected: 0 });
  });

  test("a grant that waits for an operator apart from those that are asked for", async () => {
    const shard = new SimulatedShard(KILLS);
    shard.start({ grantParkAfterMs: 1_000 });
    shard.grant = () => Promise.resolve({ outcome: "deferred", reason: "closed" });
    for (const eventId of ["e1", "e2", "e3"]) await shard.time.until(shard.event(eventId, "ada"));
    await shard.time.until(shard.command("ada", claim, "key"));
    await shard.time.pass(5_000);
    expect(shard.engine.metrics().now).toMatchObject({ openGrants: 1, parkedGrants: 1 });
  });

  test("from 0 again when its object starts anew, but for the time of the last flush", async () => {
    const shard = new SimulatedShard(KILLS);
    await shard.time.until(shard.event("e1", "ada"));
    await shard.time.until(shard.alarm());
    const flushedAt = shard.engine.status().lastFlushAt;
    await shard.time.pass(1_000);
    const { startedAt, now, counts } = shard.start().metrics();
    expect(startedAt).toBe(shard.time.now());
    expect(counts.flushes).toBe(0);
    expect(flushedAt).not.toBeNull();
    expect(now.lastFlushAt).toBe(flushedAt);
    expect(shard.engine.status().lastFlushAt).toBe(flushedAt);
  });
});

test("a delta of a Worker counts once, however often it comes, and whoever else sends one", () => {
  const { engine } = new SimulatedShard(KILLS);
  for (const delta of [aDelta(1), aDelta(1), aDelta(2), aDelta(1), null, aDelta(1, "other")]) {
    engine.absorb(delta);
  }
  expect(engine.metrics().requests).toMatchObject({
    requests: { "GET /healthz 200": 3 },
    invalidEvents: 6,
  });
});

test("a line is counted, and written as it was", () => {
  const counters = new ShardCounters();
  const written: unknown[] = [];
  const log = counters.counting((event, fields) => void written.push([event, fields]));
  const fields = { shard: "g1-1-0", namespace: "default", userId: "ada", letters: 2 };
  log("dead-letter-written", fields);
  expect(counters.counted.deadLetters).toBe(2);
  expect(written).toEqual([["dead-letter-written", fields]]);
});

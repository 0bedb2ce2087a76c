import { describe, expect, test } from "vitest";

import { RequestCounter, routeGroup } from "./request-counter.ts";
import {
  CARRIER_LOST_MS,
  HAND_OVER_INTERVAL_MS,
  type RequestDelta,
  RequestTally,
} from "./request-tally.ts";

const READ = { method: "GET", route: "/v1/challenges", status: 200, milliseconds: 7 };

/** What all these deltas count together. */
function sumOf(...deltas: readonly (RequestDelta | null)[]): number {
  const total = new RequestCounter();
  for (const delta of deltas) if (delta !== null) total.add(delta.counts);
  return Object.values(total.counted.requests).reduce((sum, count) => sum + count, 0);
}

function tallyOf(requests: number): RequestTally {
  const tally = new RequestTally("isolate");
  for (let request = 0; request < requests; request++) tally.note(READ);
  return tally;
}

describe("what a Worker counted", () => {
  test("goes to one shard, once, and not with every call", () => {
    const tally = tallyOf(3);
    const delta = tally.carriedTo("a", 0);
    expect(sumOf(delta)).toBe(3);
    tally.note(READ);
    expect(tally.carriedTo("b", HAND_OVER_INTERVAL_MS - 1)).toBeNull();
    expect(sumOf(tally.carriedTo("b", HAND_OVER_INTERVAL_MS))).toBe(1);
  });

  test("is sent to the same shard under the same number until that has answered, never to another", () => {
    const tally = tallyOf(2);
    const lost = tally.carriedTo("a", 0);
    if (lost === null) throw new Error("Nothing was handed over.");
    tally.ended("a", lost, false);
    expect(tally.carriedTo("b", 5_000)).toBeNull();
    const again = tally.carriedTo("a", 5_000);
    expect(again).toEqual(lost);
    tally.ended("a", lost, true);
    expect(tally.carriedTo("a", 10_000)).toBeNull();
  });

  test("travels with one call at a time, but with every one that asks for all of it", () => {
    const tally = tallyOf(1);
    const delta = tally.carriedTo("a", 0);
    expect(tally.carriedTo("a", 5_000)).toBeNull();
    expect(tally.carriedNow("a", 5_000)).toEqual(delta);
    tally.note(READ);
    expect(sumOf(tally.carriedNow("b", 5_000))).toBe(1);
    expect(tally.carriedNow("c", 5_000)).toBeNull();
  });

  test("is sent again when the call that carried it never ends", () => {
    const tally = tallyOf(1);
    const lost = tally.carriedTo("a", 0);
    expect(tally.carriedTo("a", CARRIER_LOST_MS - 1)).toBeNull();
    expect(tally.carriedTo("a", CARRIER_LOST_MS)).toEqual(lost);
  });

  test("is numbered upwards for each shard, so that a late repeat is known by its number", () => {
    const tally = tallyOf(1);
    const first = tally.carriedNow("a", 0);
    if (first === null) throw new Error("Nothing was handed over.");
    tally.ended("a", first, true);
    tally.note(READ);
    const second = tally.carriedNow("a", 0);
    tally.ended("a", first, false);
    expect(second?.number).toBeGreaterThan(first.number);
    expect(tally.carriedTo("a", 5_000)).toBeNull();
  });
});

describe("a request", () => {
  test("is counted by method, pattern and status, and its time by its group", () => {
    const counter = new RequestCounter();
    counter.note(READ);
    counter.note({ ...READ, milliseconds: 9_000 });
    counter.note({ ...READ, status: 304 });
    const { requests, durations } = counter.counted;
    expect(requests).toEqual({ "GET /v1/challenges 200": 2, "GET /v1/challenges 304": 1 });
    expect(durations["player-reads"]).toEqual({
      counts: [0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 1],
      sum: 9_014,
    });
  });

  test("makes no label of what a stranger sends", () => {
    const counter = new RequestCounter();
    for (const method of ["BREW", "gk_key_secret", "PROPFIND"]) {
      counter.note({ ...READ, method, route: null, status: 404 });
    }
    expect(counter.counted.requests).toEqual({ "other unmatched 404": 3 });
  });

  test.each([
    ["GET", "/v1/progress", "player-reads"],
    ["HEAD", "/v1/challenges/:challengeId", "player-reads"],
    ["POST", "/v1/challenges/initialize", "player-writes"],
    ["DELETE", "/v1/users/me/data", "player-writes"],
    ["POST", "/v1/events", "events"],
    ["PUT", "/v1/admin/catalog", "admin"],
    ["GET", "/v1/catalog", "public"],
    ["GET", "/metrics", "public"],
    ["GET", null, "unmatched"],
  ])("%s %s belongs to the group %s", (method, route, group) => {
    expect(routeGroup(method, route)).toBe(group);
  });
});

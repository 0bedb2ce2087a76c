import { expect, test } from "vitest";

import type { LogLine } from "../k6/log-lines.ts";
import { segmentsOf } from "../k6/streams.ts";
import { Collected } from "./collected.ts";
import { K6Summary } from "./read-summary.ts";

const SCENARIO = {
  name: "x",
  players: 10,
  preloadedRows: 0,
  phases: [
    { name: "first", seconds: 4, streams: [{ action: "events", perSecond: 5 }] },
    { name: "second", seconds: 7, streams: [{ action: "events", perSecond: 5 }] },
  ],
} as const;

/** A summary with so many events in each of the windows, all acknowledged after 8 ms. */
function summaryOf(dropped = 0, counted = 50): K6Summary {
  const count = (count: number) => ({ type: "counter", values: { count, rate: 1 } });
  const trend = (count: number) => ({ type: "trend", values: { count, max: 8, "p(99)": 8 } });
  return new K6Summary(
    JSON.stringify({
      metrics: {
        events_acknowledged: count(counted),
        "events_acknowledged{window:0.0}": count(20),
        "events_acknowledged{window:1.0}": count(25),
        "events_acknowledged{window:1.1}": count(5),
        "latency_event{window:0.0}": trend(20),
        "latency_event{window:1.0}": trend(25),
        "latency_event{window:1.1}": trend(5),
        "iterations{scenario:phase0-events}": count(20),
        "iterations{scenario:phase1-events}": count(30),
        "dropped_iterations{scenario:phase1-events}": count(dropped),
        vus_max: { type: "gauge", values: { value: 12, min: 4, max: 12 } },
      },
    }),
  );
}

function collect(summary: K6Summary, more: readonly LogLine[] = []) {
  const collected = new Collected(SCENARIO, "k6 v0");
  const [segment] = segmentsOf(SCENARIO);
  if (segment === undefined) throw new Error("no segment");
  const lines = [{ is: "started", atMs: 1_000 } as const, ...more];
  collected.add(segment, { summary, log: { lines, complaints: [] } });
  return collected.result();
}

test("phases, endpoints, windows and seconds come out of k6's figures", () => {
  const result = collect(summaryOf());
  expect(result.phases).toEqual([
    { name: "first", startsAtMs: 1_000, endsAtMs: 5_000 },
    { name: "second", startsAtMs: 5_000, endsAtMs: 12_000 },
  ]);
  expect(result.endpoints.map(({ phase, latency }) => [phase, latency.count])).toEqual([
    ["first", 20],
    ["second", 30],
  ]);
  expect(result.windows.map(({ atSeconds, count }) => [atSeconds, count])).toEqual([
    [0, 20],
    [4, 25],
    [9, 5],
  ]);
  expect(result.perSecond).toHaveLength(11);
  expect(result.perSecond[0]).toEqual({ requests: 5, events: 5 });
  expect(result.perSecond[10]).toEqual({ requests: 2.5, events: 2.5 });
  expect(result.connectionsMax).toBe(12);
});

test("a failed check and an arrival that was not sent are failures of their endpoint", () => {
  const problem = { is: "problem", phaseIndex: 1, endpoint: "event", problem: "503" } as const;
  const result = collect(summaryOf(3), [problem]);
  expect(result.endpoints.map(({ failures }) => failures)).toEqual([0, 4]);
  expect(result.problems.map(({ count }) => count)).toEqual([1, 3]);
});

test("a run whose counts do not agree with its arrivals cannot be verified", () => {
  expect(() => collect(summaryOf(0, 49))).toThrow("cannot be verified");
});

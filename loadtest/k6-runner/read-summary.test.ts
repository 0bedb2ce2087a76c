import { expect, test } from "vitest";

import { PERCENTILES, percentileName } from "../k6/names.ts";
import { K6Summary } from "./read-summary.ts";

/** A summary in the shape that k6 documents for `handleSummary`. */
function summaryOf(metrics: Record<string, { type: string; values: Record<string, number> }>) {
  const root_group = { name: "", path: "", groups: [], checks: [] };
  const state = { isStdOutTTY: false, isStdErrTTY: false, testRunDurationMs: 1_000 };
  return new K6Summary(JSON.stringify({ root_group, options: {}, state, metrics }));
}

/** What k6 says of these values. */
function trend(values: readonly number[]) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (percent: number) => sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? 0;
  return {
    type: "trend",
    values: {
      count: values.length,
      max: at(100),
      ...Object.fromEntries(PERCENTILES.map((percent) => [percentileName(percent), at(percent)])),
    },
  };
}

test("percentiles come back as k6 had them, up to a bucket's width", () => {
  const values = Array.from({ length: 10_000 }, (_, index) => 1 + index / 10);
  const latency = summaryOf({ "latency_claim{window:0.1}": trend(values) }).latency(
    "latency_claim{window:0.1}",
  );
  expect(latency.count).toBe(10_000);
  expect(latency.maxMs).toBeCloseTo(1_000.9);
  for (const share of [0.5, 0.95, 0.99, 0.999]) {
    const exact = 1 + (10_000 * share - 1) / 10;
    expect(Math.abs(latency.percentile(share) / exact - 1)).toBeLessThan(0.02);
  }
});

test("merged windows have the percentiles of all of their values", () => {
  const fast = trend(Array.from({ length: 900 }, () => 5));
  const slow = trend(Array.from({ length: 100 }, () => 200));
  const summary = summaryOf({ fast, slow });
  const merged = summary.latency("fast");
  merged.merge(summary.latency("slow").data());
  expect(merged.percentile(0.9)).toBeLessThan(5.1);
  expect(merged.percentile(0.95)).toBe(200);
});

test("a handful of values is as many afterwards", () => {
  const latency = summaryOf({ few: trend([3, 7, 40]) }).latency("few");
  expect(latency.count).toBe(3);
  expect(latency.percentile(0.95)).toBe(40);
});

test("what was never measured counts nothing, and a text that is no summary is refused", () => {
  const summary = summaryOf({ iterations: { type: "counter", values: { count: 7, rate: 1 } } });
  expect(summary.count("iterations")).toBe(7);
  expect(summary.count("dropped_iterations")).toBe(0);
  expect(summary.latency("latency_claim").count).toBe(0);
  expect(() => new K6Summary('{"error":"x"}')).toThrow("metrics");
});

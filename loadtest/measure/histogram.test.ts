import { expect, test } from "vitest";

import { Histogram } from "./histogram.ts";

function of(values: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const value of values) histogram.add(value);
  return histogram;
}

test("percentiles are those of the sorted values, at most 1.6 % too high and never too low", () => {
  const values = Array.from({ length: 10_000 }, (_, index) => 0.05 * 1.001 ** index);
  const histogram = of(values.toReversed());
  for (const share of [0.5, 0.9, 0.95, 0.99, 0.999, 1]) {
    const exact = values[Math.ceil(values.length * share) - 1] ?? Number.NaN;
    expect(histogram.percentile(share)).toBeGreaterThanOrEqual(exact);
    expect(histogram.percentile(share)).toBeLessThanOrEqual(exact * 1.016);
  }
});

test("merged parts give the percentiles of the whole", () => {
  const [low, high] = [of([1, 2, 3]), of([100, 200, 300])];
  const merged = Histogram.from(low.data());
  merged.merge(high.data());
  expect(merged.data().count).toBe(6);
  expect(merged.maxMs).toBe(300);
  expect(merged.percentile(0.5)).toBeCloseTo(3, 1);
  expect(merged.percentile(1)).toBe(300);
  expect(merged.meanMs).toBeCloseTo(101);
});

test("a histogram without values has no percentile", () => {
  expect(new Histogram().percentile(0.95)).toBeNaN();
});

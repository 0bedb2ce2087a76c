import { expect, test } from "vitest";

import { Histogram } from "./histogram.ts";

test("a value belongs to the first bucket whose bound it does not exceed", () => {
  const histogram = new Histogram([10, 100]);
  for (const value of [0, 10, 11, 100, 101, 5_000]) histogram.observe(value);
  expect(histogram.counted).toEqual({ counts: [2, 2, 2], sum: 5_222 });
});

test("what another histogram counted is added, bucket by bucket", () => {
  const histogram = new Histogram([10, 100]);
  histogram.observe(5);
  histogram.add({ counts: [1, 2, 3], sum: 400 });
  expect(histogram.counted).toEqual({ counts: [2, 2, 3], sum: 405 });
});

test("buckets of an older version that this one lacks lose no observation", () => {
  const histogram = new Histogram([10]);
  histogram.add({ counts: [1, 1, 1, 1], sum: 0 });
  expect(histogram.counted.counts).toEqual([1, 3]);
});

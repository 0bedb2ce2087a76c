import { assert, jsonValue, property } from "fast-check";
import { expect, test } from "vitest";

import { isDeeperThan } from "./json-depth.ts";

function depthOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

test("the depth of any JSON is found, whatever its strings hold", () => {
  assert(
    property(jsonValue({ maxDepth: 6, stringUnit: "binary" }), (value) => {
      const text = JSON.stringify(value);
      const depth = depthOf(value);
      expect(isDeeperThan(text, depth)).toBe(false);
      expect(isDeeperThan(text, depth - 1)).toBe(depth > 0);
    }),
  );
});

test("brackets in strings do not count, escaped quotes do not end one", () => {
  expect(isDeeperThan(String.raw`["[[\"[[", "\\", "]"]`, 1)).toBe(false);
  expect(isDeeperThan(String.raw`["\\", [1]]`, 1)).toBe(true);
  expect(isDeeperThan('"[[[', 0)).toBe(false);
});

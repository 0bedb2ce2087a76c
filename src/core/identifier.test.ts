import { expect, test } from "vitest";

import { isIdentifier, isNamespace } from "./identifier.ts";

test("an id is 1 to its limit of characters, well formed, without control characters", () => {
  expect(isIdentifier("player 1/ü😀", 100)).toBe(true);
  expect(isIdentifier("x".repeat(100), 100)).toBe(true);
  expect(isIdentifier("x".repeat(101), 100)).toBe(false);
  expect(isIdentifier("", 100)).toBe(false);
  expect(isIdentifier("a\u0000b", 100)).toBe(false);
  expect(isIdentifier("a\u007f", 100)).toBe(false);
  expect(isIdentifier("a\u0085", 100)).toBe(false);
  expect(isIdentifier("a\nb", 100)).toBe(false);
  expect(isIdentifier("\ud800", 100)).toBe(false);
  expect(isIdentifier(7, 100)).toBe(false);
});

test("a namespace is lower case, digits and dashes", () => {
  expect(isNamespace("my-game-2")).toBe(true);
  expect(isNamespace("")).toBe(false);
  expect(isNamespace("My-game")).toBe(false);
  expect(isNamespace("a_b")).toBe(false);
  expect(isNamespace("a\n")).toBe(false);
  expect(isNamespace("a".repeat(65))).toBe(false);
});

import { expect, test } from "vitest";

import { decideBinding } from "./state-binding.ts";

test("a fresh state and a database without an id are bound to each other", () => {
  expect(decideBinding("mine", false, null)).toBe("bind");
});

test("a state and its own database go on, even if the kill came between writing the one and the other", () => {
  expect(decideBinding("mine", true, "mine")).toBe("bound");
  expect(decideBinding("mine", false, "mine")).toBe("bound");
});

test("a state never runs against another database than its own", () => {
  expect(decideBinding("mine", true, null)).toBe("another-database");
});

test("a database never serves another state, fresh or not", () => {
  expect(decideBinding("mine", false, "other")).toBe("database-of-another-state");
  expect(decideBinding("mine", true, "other")).toBe("database-of-another-state");
});

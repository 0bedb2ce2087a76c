import { createHash } from "node:crypto";

import { expect, test } from "vitest";

import { makeServerKey } from "./server-key.ts";

const WANTED = { id: "local", namespace: "default", scopes: ["events:write"] };

test("a key comes apart in one way, and its entry holds the hash of the whole of it", () => {
  const { key, entry } = makeServerKey(WANTED);
  expect(key).toMatch(/^gk_local_[0-9a-f]{64}$/);
  expect(key.split("_")).toHaveLength(3);
  expect(entry).toEqual({ ...WANTED, sha256: createHash("sha256").update(key).digest("hex") });
});

test("no two keys are alike", () => {
  expect(makeServerKey(WANTED).key).not.toBe(makeServerKey(WANTED).key);
});

test("an id that would make the key ambiguous is refused", () => {
  expect(() => makeServerKey({ ...WANTED, id: "a_b" })).toThrow("a_b");
});

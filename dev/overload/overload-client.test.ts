import { expect, test } from "vitest";

import { fatesOf } from "./overload-client.ts";

function answer(status: number, body: object) {
  return { status, retryAfter: null, body };
}

test("only SHARD_OVERLOADED says that an event was not taken", () => {
  const refused = answer(503, { code: "SHARD_OVERLOADED" });
  expect(fatesOf(refused, 2)).toEqual(["refused", "refused"]);
  for (const lost of [null, answer(503, { code: "SHARD_UNAVAILABLE" }), answer(500, {})]) {
    expect(fatesOf(lost, 2)).toEqual(["unknown", "unknown"]);
  }
});

test("the items of a batch have fates of their own", () => {
  const items = [
    { index: 0, status: "accepted", code: null },
    { index: 1, status: "rejected", code: "SHARD_OVERLOADED" },
    { index: 2, status: "rejected", code: "SHARD_UNAVAILABLE" },
    { index: 3, status: "duplicate", code: null },
  ];
  const fates = ["taken", "refused", "unknown", "taken"];
  expect(fatesOf(answer(202, { results: items }), 4)).toEqual(fates);
});

import { expect, test } from "vitest";

import { jsonResponse } from "./json-response.ts";

const value = { name: "☃ für 😀" };
const text = JSON.stringify(value);

test.each([
  ["an object", value],
  ["a text", text],
  ["bytes", new TextEncoder().encode(text)],
  ["a part of longer bytes", new TextEncoder().encode(`[${text}]`).subarray(1, -1)],
])("%s is answered as the same bytes, under the same headers", async (_, body) => {
  const response = jsonResponse(body, { status: 202, headers: { ETag: '"t"' } });
  expect(response.status).toBe(202);
  expect(Object.fromEntries(response.headers)).toEqual({
    "content-type": "application/json",
    "cache-control": "no-store",
    etag: '"t"',
  });
  expect(new Uint8Array(await response.arrayBuffer())).toEqual(new TextEncoder().encode(text));
});

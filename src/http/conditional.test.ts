import { expect, test } from "vitest";

import { conditionalResponse, matchesStrongly, matchesWeakly } from "./conditional.ts";

test("If-None-Match is compared weakly, in lists, and with *", () => {
  expect(matchesWeakly(null, '"a"')).toBe(false);
  expect(matchesWeakly('"a"', '"a"')).toBe(true);
  expect(matchesWeakly('"a"', 'W/"a"')).toBe(true);
  expect(matchesWeakly('W/"a"', '"a"')).toBe(true);
  expect(matchesWeakly('"b", W/"a" , "c"', 'W/"a"')).toBe(true);
  expect(matchesWeakly('"x,y", "z"', '"x,y"')).toBe(true);
  expect(matchesWeakly(" * ", '"a"')).toBe(true);
  expect(matchesWeakly('"b"', '"a"')).toBe(false);
  expect(matchesWeakly("a", '"a"')).toBe(false);
  expect(matchesWeakly("", '"a"')).toBe(false);
});

test("If-Match is compared strongly: a weak tag never fits", () => {
  expect(matchesStrongly('"a"', '"a"')).toBe(true);
  expect(matchesStrongly('"b","a"', '"a"')).toBe(true);
  expect(matchesStrongly("*", '"a"')).toBe(true);
  expect(matchesStrongly('W/"a"', '"a"')).toBe(false);
  expect(matchesStrongly('W/"a"', 'W/"a"')).toBe(false);
});

test("a 304 has the tag and the cache rule, and no body is made for it", async () => {
  const request = new Request("http://localhost/", { headers: { "If-None-Match": 'W/"t"' } });
  const response = conditionalResponse(request, 'W/"t"', "private, no-cache", () => {
    throw new Error("The body must not be made.");
  });
  expect(response.status).toBe(304);
  expect(response.headers.get("ETag")).toBe('W/"t"');
  expect(response.headers.get("Cache-Control")).toBe("private, no-cache");
  expect(await response.text()).toBe("");
});

import { expect, test } from "vitest";

import { queryOf } from "./query.ts";

test.each([
  ["http://localhost/v1/challenges", {}],
  ["http://localhost/v1/challenges?", {}],
  [
    "http://localhost/v1/challenges?active_only=true&include=upcoming",
    { active_only: "true", include: "upcoming" },
  ],
  ["http://localhost/?name=a%20b+c%3F", { name: "a b c?" }],
  ["http://localhost/?name=first&name=last", { name: "last" }],
  ["http://localhost/#?name=value", {}],
])("the query of %s", (url, expected) => {
  expect(queryOf(url)).toEqual(expected);
});

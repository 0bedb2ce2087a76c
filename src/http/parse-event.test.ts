import { describe, expect, test } from "vitest";

import { parseEvent } from "./parse-event.ts";

const login = { id: "e1", userId: "anna", type: "login" };
const statistic = { ...login, type: "statistic", statCode: "kills", latestValue: 5 };

function problemOf(value: unknown): string | null {
  const parsed = parseEvent(value);
  return parsed.ok ? null : parsed.problem;
}

test("a statistic carries what it says, absent fields and null alike as null", () => {
  expect(parseEvent({ ...statistic, inc: null, timestamp: "2026-11-24T12:00:00+01:00" })).toEqual({
    ok: true,
    event: {
      id: "e1",
      userId: "anna",
      source: "statistic",
      statCode: "kills",
      latestValue: 5,
      inc: null,
      timestamp: Date.UTC(2026, 10, 24, 11),
    },
  });
});

test("a login counts one, whatever values it carries", () => {
  expect(parseEvent({ ...login, latestValue: 7, inc: 3 })).toMatchObject({
    ok: true,
    event: { source: "login", statCode: "", latestValue: null, inc: 1, timestamp: null },
  });
});

test("a repeated or zero value is a value", () => {
  expect(problemOf({ ...statistic, latestValue: 0 })).toBeNull();
  expect(problemOf({ ...statistic, latestValue: undefined, inc: 0 })).toBeNull();
  expect(problemOf({ ...statistic, latestValue: 0.5, inc: 1e300 })).toBeNull();
});

describe("a problem names its field", () => {
  test.each<[string, unknown]>([
    ["object", null],
    ["object", "e1"],
    ["object", [login]],
    ["id", { ...login, id: undefined }],
    ["id", { ...login, id: 7 }],
    ["id", { ...login, id: "" }],
    ["id", { ...login, id: "x".repeat(129) }],
    ["id", { ...login, id: "\ud800" }],
    ["userId", { ...login, userId: "x".repeat(101) }],
    ["userId", { ...login, userId: "a\u0000" }],
    ["type", { ...login, type: "logout" }],
    ["timestamp", { ...login, timestamp: "yesterday" }],
    ["timestamp", { ...login, timestamp: 1_764_000_000 }],
    ["statCode", { ...statistic, statCode: undefined }],
    ["statCode", { ...login, statCode: "a\n" }],
    ["latestValue", { ...statistic, latestValue: -1 }],
    ["latestValue", { ...statistic, latestValue: "5" }],
    ["latestValue", { ...statistic, latestValue: Number.POSITIVE_INFINITY }],
    ["inc", { ...statistic, inc: -0.1 }],
    ["inc", { ...statistic, latestValue: null }],
  ])("%s: %j", (field, value) => {
    expect(problemOf(value)).toContain(field);
  });
});

test("the longest ids are ids", () => {
  expect(problemOf({ ...login, id: "x".repeat(128), userId: "x".repeat(100) })).toBeNull();
});

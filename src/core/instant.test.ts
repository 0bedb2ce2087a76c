import { expect, test } from "vitest";

import { formatInstant, parseInstant } from "./instant.ts";

test("RFC 3339 in any offset is read as the instant it names", () => {
  expect(parseInstant("2026-11-24T20:15:30Z")).toBe(Date.UTC(2026, 10, 24, 20, 15, 30));
  expect(parseInstant("2026-11-24t20:15:30.1239z")).toBe(Date.UTC(2026, 10, 24, 20, 15, 30, 123));
  expect(parseInstant("2026-11-24T20:15:30.5+05:30")).toBe(Date.UTC(2026, 10, 24, 14, 45, 30, 500));
  expect(parseInstant("2026-11-24T20:15:30-00:30")).toBe(Date.UTC(2026, 10, 24, 20, 45, 30));
  expect(parseInstant("2016-12-31T23:59:60Z")).toBe(Date.UTC(2016, 11, 31, 23, 59, 59, 999));
});

test("what is no instant is refused rather than guessed", () => {
  for (const text of [
    "",
    "2026-11-24",
    "2026-11-24T20:15:30",
    "2026-02-30T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-11-24T24:00:00Z",
    "2026-11-24T20:15:30+24:00",
    "1764015330",
    " 2026-11-24T20:15:30Z",
  ]) {
    expect([text, parseInstant(text)]).toEqual([text, null]);
  }
});

test("an instant is written in UTC with milliseconds", () => {
  expect(formatInstant(0)).toBe("1970-01-01T00:00:00.000Z");
  expect(formatInstant(null)).toBeNull();
});

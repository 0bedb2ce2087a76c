import { expect, test } from "vitest";

import { parseClockOffset } from "./clock-offset.ts";
import { CLOCK_OFFSET_VAR, shiftedClock } from "./shifted-clock.ts";

const HOUR_MS = 3_600_000;

test.each([
  { text: "1d6h", milliseconds: 30 * HOUR_MS },
  { text: "-1d", milliseconds: -24 * HOUR_MS },
  { text: "+90m", milliseconds: 1.5 * HOUR_MS },
  { text: "45s", milliseconds: 45_000 },
  { text: "0s", milliseconds: 0 },
])("$text is $milliseconds ms", ({ text, milliseconds }) => {
  expect(parseClockOffset(text)).toBe(milliseconds);
});

test.each(["", "1", "d", "1w", "1d-6h", "1.5d", "999999d", "one day"])(
  "%j is no offset",
  (text) => {
    expect(parseClockOffset(text)).toBeNull();
  },
);

test("a shifted clock runs by the real one", () => {
  const clock = shiftedClock({ [CLOCK_OFFSET_VAR]: String(-HOUR_MS) });
  expect(Math.abs(clock.now() - (Date.now() - HOUR_MS))).toBeLessThan(1_000);
});

test("without an offset there is no shifted clock", () => {
  expect(() => shiftedClock({})).toThrow(CLOCK_OFFSET_VAR);
});

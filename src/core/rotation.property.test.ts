import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { aRotation } from "../../test/support/builders.ts";
import { periodOf } from "./rotation.ts";

const DAY_MS = 86_400_000;
const zones = [
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "Australia/Lord_Howe",
  "Asia/Kolkata",
  "Asia/Kathmandu",
  "Pacific/Apia",
].concat([
  "America/Sao_Paulo",
  "Antarctica/Troll",
  "Africa/Casablanca",
  "Pacific/Chatham",
  "America/Havana",
  "Pacific/Kiritimati",
]);
const anyRotation = fc
  .record({
    schedule: fc.constantFrom("daily" as const, "weekly" as const, "monthly" as const),
    timeZone: fc.constantFrom(...zones),
    resetTime: fc
      .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom(0, 1, 15, 30, 45, 59))
      .map(([hour, minute]) => `${pad(hour)}:${pad(minute)}`),
    weekday: fc.integer({ min: 1, max: 7 }),
    dayOfMonth: fc.integer({ min: 1, max: 31 }),
  })
  .map(aRotation);
const anyInstant = fc.integer({ min: Date.UTC(1980, 0, 1), max: Date.UTC(2040, 0, 1) });

describe("periods of any rotation", () => {
  it("contain the instant that was asked for", () => {
    fc.assert(
      fc.property(anyRotation, anyInstant, (rotation, instant) => {
        const { startsAt, endsAt } = periodOf(rotation, instant);
        expect(startsAt).toBeLessThanOrEqual(instant);
        expect(endsAt).toBeGreaterThan(instant);
      }),
      { numRuns: 300 },
    );
  });

  it("are the same for every instant in them, asked in any order, remembered or not", () => {
    fc.assert(
      fc.property(
        anyRotation,
        anyInstant,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (rotation, instant, where) => {
          const period = periodOf(rotation, instant);
          const length = period.endsAt - period.startsAt - 1;
          for (const offset of [0, Math.floor(where * length), length]) {
            expect(periodOf({ ...rotation }, period.startsAt + offset)).toEqual(period);
            forget(rotation, instant);
            expect(periodOf(rotation, period.startsAt + offset)).toEqual(period);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it("follow each other without gap or overlap", () => {
    fc.assert(
      fc.property(anyRotation, anyInstant, (rotation, instant) => {
        const period = periodOf(rotation, instant);
        expect(periodOf(rotation, period.endsAt).startsAt).toBe(period.endsAt);
        expect(periodOf(rotation, period.startsAt - 1).endsAt).toBe(period.startsAt);
      }),
      { numRuns: 300 },
    );
  });

  it("last about as long as their schedule says", () => {
    const days = { daily: [0.9, 1.1], weekly: [5.9, 7.1], monthly: [27.9, 31.1] } as const;
    fc.assert(
      fc.property(anyRotation, anyInstant, (rotation, instant) => {
        const { startsAt, endsAt } = periodOf(rotation, instant);
        const [least, most] = days[rotation.schedule];
        const lasted = (endsAt - startsAt) / DAY_MS;
        expect(lasted).toBeGreaterThan(least);
        expect(lasted).toBeLessThan(most);
      }),
      { numRuns: 300 },
    );
  });

  it("are named by their start in RFC 3339 UTC", () => {
    fc.assert(
      fc.property(anyRotation, anyInstant, (rotation, instant) => {
        const { id, startsAt } = periodOf(rotation, instant);
        expect(id).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:00\.000Z$/);
        expect(Date.parse(id)).toBe(startsAt);
      }),
      { numRuns: 100 },
    );
  });
});

/** Pushes a rotation's recent periods out of memory by asking for two that are far away. */
function forget(rotation: Parameters<typeof periodOf>[0], instant: number): void {
  for (const years of [3, 6]) periodOf(rotation, instant + years * 365 * DAY_MS);
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}

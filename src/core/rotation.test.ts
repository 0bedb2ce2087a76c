import { describe, expect, it } from "vitest";

import { aRotation, type RotationWish } from "../../test/support/builders.ts";
import { localDay, periodOf } from "./rotation.ts";

// What it shows | the rule | an instant | the start of its period | the end. All instants in UTC.
const table = `
  a plain day                           | daily 00:00 UTC                 | 2026-11-24T20:23:00     | 2026-11-24T00:00 | 2026-11-25T00:00
  its first instant                     | daily 00:00 UTC                 | 2026-11-24T00:00:00     | 2026-11-24T00:00 | 2026-11-25T00:00
  its last instant                      | daily 00:00 UTC                 | 2026-11-24T23:59:59.999 | 2026-11-24T00:00 | 2026-11-25T00:00
  before the reset time                 | daily 06:30 UTC                 | 2026-11-24T06:29:59     | 2026-11-23T06:30 | 2026-11-24T06:30
  before 1970                           | daily 00:00 UTC                 | 1969-12-31T12:00:00     | 1969-12-31T00:00 | 1970-01-01T00:00
  the end of a year                     | monthly 00:00 UTC               | 2026-12-31T23:00:00     | 2026-12-01T00:00 | 2027-01-01T00:00
  a week from Monday                    | weekly 00:00 UTC                | 2026-11-24T20:23:00     | 2026-11-23T00:00 | 2026-11-30T00:00
  a week from Sunday                    | weekly:7 00:00 UTC              | 2026-11-24T20:23:00     | 2026-11-22T00:00 | 2026-11-29T00:00
  a week over New Year                  | weekly:5 00:00 UTC              | 2027-01-01T00:00:00     | 2027-01-01T00:00 | 2027-01-08T00:00
  a week, before its reset time         | weekly 18:00 UTC                | 2026-11-23T17:59:59     | 2026-11-16T18:00 | 2026-11-23T18:00
  day 31 in February                    | monthly:31 00:00 UTC            | 2027-03-01T00:00:00     | 2027-02-28T00:00 | 2027-03-31T00:00
  day 31 in a leap year                 | monthly:31 00:00 UTC            | 2028-02-28T23:00:00     | 2028-01-31T00:00 | 2028-02-29T00:00
  day 30 from February                  | monthly:30 00:00 UTC            | 2028-02-29T00:00:00     | 2028-02-29T00:00 | 2028-03-30T00:00
  Berlin's day of 23 hours              | daily 00:00 Europe/Berlin       | 2026-03-29T12:00:00     | 2026-03-28T23:00 | 2026-03-29T22:00
  Berlin's day of 25 hours              | daily 00:00 Europe/Berlin       | 2026-10-25T12:00:00     | 2026-10-24T22:00 | 2026-10-25T23:00
  New York's day of 23 hours            | daily 00:00 America/New_York    | 2026-03-08T12:00:00     | 2026-03-08T05:00 | 2026-03-09T04:00
  New York's day of 25 hours            | daily 00:00 America/New_York    | 2026-11-01T12:00:00     | 2026-11-01T04:00 | 2026-11-02T05:00
  a reset in Berlin's gap, before it    | daily 02:30 Europe/Berlin       | 2026-03-29T00:59:59     | 2026-03-28T01:30 | 2026-03-29T01:00
  a reset in Berlin's gap, after it     | daily 02:30 Europe/Berlin       | 2026-03-29T01:00:00     | 2026-03-29T01:00 | 2026-03-30T00:30
  a reset that Berlin has twice         | daily 02:30 Europe/Berlin       | 2026-10-25T00:30:00     | 2026-10-25T00:30 | 2026-10-26T01:30
  the second of the two starts nothing  | daily 02:30 Europe/Berlin       | 2026-10-25T01:30:00     | 2026-10-25T00:30 | 2026-10-26T01:30
  Lord Howe's half-hour gap             | daily 02:15 Australia/Lord_Howe | 2026-10-04T00:00:00     | 2026-10-03T15:30 | 2026-10-04T15:15
  Kolkata, half an hour off             | daily 00:00 Asia/Kolkata        | 2026-11-24T20:23:00     | 2026-11-24T18:30 | 2026-11-25T18:30
  Kathmandu, a quarter off              | daily 04:00 Asia/Kathmandu      | 2026-11-24T22:14:59     | 2026-11-23T22:15 | 2026-11-24T22:15
  São Paulo's day without midnight      | daily 00:00 America/Sao_Paulo   | 2018-11-04T12:00:00     | 2018-11-04T03:00 | 2018-11-05T02:00
  São Paulo's evening that came twice   | daily 23:30 America/Sao_Paulo   | 2018-02-18T02:15:00     | 2018-02-18T01:30 | 2018-02-19T02:30
  Havana's midnight that comes twice    | daily 00:00 America/Havana      | 2026-11-01T05:30:00     | 2026-11-01T04:00 | 2026-11-02T05:00
  St John's, where the date went back   | daily 00:00 America/St_Johns    | 2010-11-07T03:00:00     | 2010-11-07T02:30 | 2010-11-08T03:30
  Troll's gap of two hours              | daily 01:30 Antarctica/Troll    | 2026-03-29T12:00:00     | 2026-03-29T01:00 | 2026-03-29T23:30
  Apia, no reset on the day it skipped  | daily 05:00 Pacific/Apia        | 2011-12-30T12:00:00     | 2011-12-29T15:00 | 2011-12-30T15:00
  Apia, weekly on the day it skipped    | weekly:5 00:00 Pacific/Apia     | 2011-12-30T12:00:00     | 2011-12-30T10:00 | 2012-01-05T10:00
  Istanbul after it gave up winter time | daily 00:00 Europe/Istanbul     | 2016-12-24T12:00:00     | 2016-12-23T21:00 | 2016-12-24T21:00
  a month over the end of summer time   | monthly 04:00 Europe/Berlin     | 2026-10-31T00:00:00     | 2026-10-01T02:00 | 2026-11-01T03:00
`;

describe("a period starts and ends where the zone's calendar says", () => {
  it.each(table.trim().split("\n").map(cellsOf))("%s (%s, %s)", (_, rule, instant, start, end) => {
    expect(periodOf(aRotation(wishOf(rule)), Date.parse(`${instant}Z`))).toEqual({
      id: `${start}:00.000Z`,
      startsAt: Date.parse(`${start}Z`),
      endsAt: Date.parse(`${end}Z`),
    });
  });
});

describe("localDay", () => {
  it.each([
    ["UTC", "2026-11-24T23:59:59.999Z", "2026-11-24"],
    ["Europe/Berlin", "2026-11-24T23:00:00.000Z", "2026-11-25"],
    ["America/New_York", "2026-11-01T04:00:00.000Z", "2026-11-01"],
    ["America/New_York", "2026-11-01T03:59:59.000Z", "2026-10-31"],
    ["Asia/Kathmandu", "2026-11-24T18:15:00.000Z", "2026-11-25"],
    ["Pacific/Apia", "2011-12-30T09:59:59.000Z", "2011-12-29"],
    ["Pacific/Apia", "2011-12-30T10:00:00.000Z", "2011-12-31"],
    ["UTC", "2028-02-29T12:00:00.000Z", "2028-02-29"],
  ])("in %s at %s is %s", (timeZone, instant, day) => {
    expect(localDay(timeZone, Date.parse(instant))).toBe(day);
  });
});

function cellsOf(line: string): [string, string, string, string, string] {
  const [what = "", rule = "", instant = "", start = "", end = ""] = line.split("|");
  return [what.trim(), rule.trim(), instant.trim(), start.trim(), end.trim()];
}

/** Reads `weekly:5 18:00 Europe/Berlin`: the schedule with its day, the reset time, the zone. */
function wishOf(rule: string): RotationWish {
  const [turn = "", resetTime = "", timeZone = ""] = rule.split(" ");
  const [schedule, day = "1"] = turn.split(":");
  if (schedule === "daily") return { resetTime, timeZone };
  if (schedule === "weekly") return { schedule, resetTime, timeZone, weekday: Number(day) };
  return { schedule: "monthly", resetTime, timeZone, dayOfMonth: Number(day) };
}

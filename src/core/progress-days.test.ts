import { describe, expect, it } from "vitest";

import { aCatalog, aGoal, aRow } from "../../test/support/builders.ts";
import {
  aLogin,
  DAY_MS,
  HOUR_MS,
  inMode,
  noon,
  playEvents,
  present,
} from "../../test/support/player-builders.ts";
import type { GoalRow } from "./player.ts";
import { advance } from "./progress.ts";

describe("mode days", () => {
  /** Hours after 2026-03-10T00:00Z at which a player logs in, and the days that counts for. */
  function days(timeZone: string | null, hours: readonly number[], row: Partial<GoalRow> = {}) {
    const rotation = timeZone === null ? null : { timeZone, schedule: "monthly" as const };
    const goal = aGoal({ eventSource: "login", rotation, ...inMode("days") });
    const entry = present(aCatalog(goal).goals.get("ten-kills"));
    return hours.reduce((before, hour) => {
      const appliedAt = Date.UTC(2026, 2, 10) + hour * HOUR_MS;
      return advance(entry, before, aLogin(), { eventTime: appliedAt, appliedAt });
    }, aRow(row));
  }

  it.each([
    { title: "one event counts its day", zone: null, hours: [12], progress: 1, lastDay: "10" },
    {
      title: "a second event of a day counts nothing",
      zone: null,
      hours: [0, 23],
      progress: 1,
      lastDay: "10",
    },
    { title: "a day later counts again", zone: null, hours: [23, 24], progress: 2, lastDay: "11" },
    {
      title: "a skipped day costs nothing",
      zone: null,
      hours: [1, 49, 97],
      progress: 3,
      lastDay: "14",
    },
    {
      title: "without rotation the day is UTC's",
      zone: null,
      hours: [22, 23],
      progress: 1,
      lastDay: "10",
    },
    {
      title: "Berlin's midnight is an hour earlier",
      zone: "Europe/Berlin",
      hours: [22, 23],
      progress: 2,
      lastDay: "11",
    },
    {
      title: "Tokyo's day began the afternoon before",
      zone: "Asia/Tokyo",
      hours: [14, 15],
      progress: 2,
      lastDay: "11",
    },
    {
      title: "New York is still at the day before",
      zone: "America/New_York",
      hours: [0, 3],
      progress: 1,
      lastDay: "09",
    },
    {
      title: "a day before the last counted one counts nothing",
      zone: null,
      hours: [30, 2],
      progress: 1,
      lastDay: "11",
    },
  ])("$title", ({ zone, hours, progress, lastDay }) => {
    const row = days(zone, hours);
    expect(row).toMatchObject({ progress, lastDay: `2026-03-${lastDay}` });
    expect(row.eventCount).toBe(hours.length);
    expect(row.status).toBe("in_progress");
  });

  it("takes the day of the arrival, not the event's own time", () => {
    const goal = { eventSource: "login", ...inMode("days") } as const;
    const row = playEvents(goal, {}, [aLogin({ timestamp: noon - DAY_MS }), aLogin()]);
    expect(row).toMatchObject({ progress: 1, lastDay: "2026-03-10" });
  });

  it("completes on the target day", () => {
    const row = days(null, [0, 24], { progress: 8, status: "in_progress", lastDay: "2026-03-09" });
    expect(row).toMatchObject({ progress: 10, status: "completed" });
  });

  it("compares days across a change of year", () => {
    expect(days(null, [0], { progress: 3, lastDay: "2025-12-31" }).progress).toBe(4);
  });
});

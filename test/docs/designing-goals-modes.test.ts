import { describe, expect, it } from "vitest";

import { goalState, rolledRows } from "../../src/core/goal-state.ts";
import { periodOf } from "../../src/core/rotation.ts";
import { aCatalog, aGoal, aRotation } from "../support/builders.ts";
import { after, anEvent, DAY_MS, HOUR_MS, present, stateOf } from "../support/player-builders.ts";
import { tableOfPage, textsOfPicture } from "./designing-goals-page.ts";

describe("the week in four modes", () => {
  const [[, ...matches] = [], ...modes] = tableOfPage("Mon");
  const catalog = aCatalog(
    ...(["absolute", "relative", "count", "days"] as const).map((progressMode) =>
      aGoal({
        goalId: progressMode,
        defaultAssigned: true,
        requirement: { progressMode, targetValue: targetOf(progressMode) },
        rotation: progressMode === "absolute" ? null : { schedule: "weekly" },
      }),
    ),
  );

  it("is on the page as the rules count it", () => {
    const computed = new Map(modes.map(([name = ""]) => [modeOf(name), [] as string[]]));
    let [state, career, at] = [stateOf([]), CAREER_BEFORE, MONDAY];
    for (const day of matches) {
      for (const [index, gain] of [...day.matchAll(/\+(\d+)/g)].entries()) {
        const inc = Number(gain[1]);
        career += inc;
        const event = anEvent({ latestValue: career, inc });
        const time = at + (12 + index) * HOUR_MS;
        state = after(state, { at: time, catalog, operation: { kind: "event", event } });
      }
      const evening = at + 23 * HOUR_MS;
      const rows = rolledRows(catalog, [...state.rows.values()], evening);
      for (const [mode, shown] of computed) {
        const { progress, status } = goalState(present(catalog.goals.get(mode)), rows, evening);
        shown.push(status === "completed" ? `✓ ${progress}` : String(progress));
      }
      at += DAY_MS;
    }
    expect(modes).toHaveLength(4);
    for (const [name = "", ...cells] of modes) {
      expect(cells, name).toEqual(computed.get(modeOf(name)));
    }
  });

  it("is in the picture as it is on the page", () => {
    expect(textsOfPicture("modes-week.svg", "matches")).toEqual(matches);
    for (const [name = "", ...cells] of modes) {
      expect(textsOfPicture("modes-week.svg", modeOf(name))).toEqual(cells);
    }
  });

  function targetOf(mode: string): number {
    const [name = ""] = present(modes.find(([name = ""]) => modeOf(name) === mode));
    return Number(/target (\d+)/.exec(name)?.[1]);
  }
});

describe("the periods", () => {
  const rotations = [
    aRotation({ resetTime: "04:00", timeZone: "Europe/Berlin" }),
    aRotation({ schedule: "weekly", resetTime: "04:00", timeZone: "Europe/Berlin" }),
    aRotation({ schedule: "monthly", dayOfMonth: 31 }),
  ];
  const table = tableOfPage("rotation, 2026");

  it("begin as the page says", () => {
    for (const [index, rotation] of rotations.entries()) {
      const [rule = "", begins = ""] = table[index] ?? [];
      const dates = begins.split(", ");
      expect(dates, rule).toHaveLength(4);
      let { startsAt } = periodOf(rotation, Date.parse(`${dates[0]?.slice(0, 10)}T12:00:00Z`));
      for (const date of dates) {
        expect(onClock(rotation.timeZone, startsAt), rule).toBe(date);
        startsAt = periodOf(rotation, startsAt).endsAt;
      }
    }
  });

  it("are as long as the picture says", () => {
    const [daily] = rotations;
    const hours = textsOfPicture("periods.svg", "daily").filter((text) => text.endsWith("hours"));
    let { startsAt } = periodOf(present(daily), Date.parse("2026-03-27T12:00:00Z"));
    for (const text of hours) {
      const { endsAt } = periodOf(present(daily), startsAt);
      expect(`${(endsAt - startsAt) / HOUR_MS} hours`).toBe(text);
      startsAt = endsAt;
    }
    expect(hours).toHaveLength(4);
  });
});

/** 2 March 2026. */
const MONDAY = Date.UTC(2026, 2, 2);
const CAREER_BEFORE = 100;

/** `absolute`, target 110 → absolute */
function modeOf(cell: string): string {
  return /^`(\w+)`/.exec(cell)?.[1] ?? cell;
}

function onClock(timeZone: string, instant: number): string {
  const format = new Intl.DateTimeFormat("sv-SE", {
    timeZone,
    dateStyle: "short",
    timeStyle: "short",
  });
  return format.format(instant);
}

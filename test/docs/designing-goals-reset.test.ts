import { describe, expect, it } from "vitest";

import { decide } from "../../src/core/command.ts";
import { goalState } from "../../src/core/goal-state.ts";
import { formatInstant } from "../../src/core/instant.ts";
import type { Operation } from "../../src/core/operation.ts";
import { rolledDraft } from "../../src/core/reducer.ts";
import { blankRow, roll } from "../../src/core/roll.ts";
import { aCatalog, aGoal, aRow } from "../support/builders.ts";
import {
  after,
  aPlayer,
  anEvent,
  DAY_MS,
  HOUR_MS,
  present,
  readableDigest,
  stateOf,
} from "../support/player-builders.ts";
import { tableOfPage, textsOfPicture } from "./designing-goals-page.ts";

const MINUTE_MS = 60_000;
/** 10 March 2026. */
const TUESDAY = Date.UTC(2026, 2, 10);
const WEDNESDAY = TUESDAY + DAY_MS;
const THURSDAY = WEDNESDAY + DAY_MS;

describe("what a player sees on the next day", () => {
  const table = tableOfPage("resetProgress");

  it("is on the page for each setting of the two switches", () => {
    expect(table).toHaveLength(4);
  });

  it.each(table)("with reset %s and reselection %s is what the rules make", (...cells) => {
    const [reset, reselection, ...shown] = cells;
    const onExpiry = { resetProgress: reset === "true", allowReselection: reselection === "true" };
    const goal = aGoal({ requirement: { progressMode: "count" }, rotation: { onExpiry } });
    const entry = present(aCatalog(goal).goals.get("ten-kills"));
    const row = aRow({ ...blankRow(entry, TUESDAY), isActive: true });
    const completed = { progress: 10, completedAt: TUESDAY + HOUR_MS };
    const evening = [
      aRow({ ...row, status: "in_progress", progress: 7 }),
      aRow({ ...row, ...completed, status: "completed" }),
      aRow({ ...row, ...completed, status: "claimed", claimedAt: TUESDAY + 2 * HOUR_MS }),
    ];
    const morning = evening.map((before) => {
      const { status, progress, lateClaim } = roll(entry, before, WEDNESDAY, true);
      if (status === "completed" || status === "claimed") return status;
      const late = lateClaim === null ? "" : ", late claim";
      return `${progress} of 10${late}${before.status === "claimed" ? ", open again" : ""}`;
    });
    expect(shown.slice(0, 3)).toEqual(morning);

    const group = `reset-${reset}-reselection-${reselection}`;
    const picture = textsOfPicture("next-day.svg", group);
    expect(picture.filter((_, index) => index % 2 === 0)).toEqual([
      "7 of 10",
      "completed",
      "claimed",
    ]);
    expect(picture.filter((_, index) => index % 2 === 1)).toEqual(morning);
  });
});

describe("the late claim", () => {
  const goal = aGoal({
    defaultAssigned: true,
    requirement: { progressMode: "count", targetValue: 3 },
    rotation: {},
  });
  const catalog = aCatalog(goal);
  const entry = present(catalog.goals.get("ten-kills"));

  it("goes as the page tells it", () => {
    let state = stateOf([]);
    const table = tableOfPage("when");
    const steps: [string, number, number | "claim"][] = [
      ["Tue 23:50", TUESDAY + 24 * HOUR_MS - 10 * MINUTE_MS, 3],
      ["Wed 00:00", WEDNESDAY, 0],
      ["Wed 09:00", WEDNESDAY + 9 * HOUR_MS, 1],
      ["Wed 10:00", WEDNESDAY + 10 * HOUR_MS, "claim"],
      ["Wed 20:00", WEDNESDAY + 20 * HOUR_MS, 2],
      ["Wed 20:05", WEDNESDAY + 20 * HOUR_MS + 5 * MINUTE_MS, "claim"],
      ["Thu 00:00", THURSDAY, 0],
    ];
    const told = steps.map(([when, at, wins]) => {
      let paid = "";
      if (wins === "claim") ({ state, paid } = claimed(state, at));
      else for (let win = 0; win < wins; win += 1) state = after(state, aWin(at));
      return [when, paid, ...seen(state, at)];
    });
    const onPage = table.map(([when = "", what = "", shows = "", late = ""]) => {
      return [when, /pays (\w+)/.exec(what)?.[1] ?? "", shows, late];
    });
    expect(onPage).toEqual(told);
  });

  it("is in the picture as it is on the page", () => {
    const shown = tableOfPage("when").map(([, , shows]) => shows);
    const [tuesday, ...rest] = textsOfPicture("late-claim.svg", "goal");
    expect(tuesday).toBe("✓ 3");
    expect(rest).toEqual([shown[1], shown[2], "✓ 3 of 3", shown[6]]);
  });

  function aWin(at: number) {
    const operation: Operation = { kind: "event", event: anEvent({ inc: 1 }) };
    return { at, catalog, operation };
  }

  function claimed(state: ReturnType<typeof stateOf>, at: number) {
    const { draft } = rolledDraft(state, { catalog, at });
    const command = { kind: "claim", challengeId: "first-steps", goalId: "ten-kills" } as const;
    const context = { catalog, at, digest: readableDigest, claimGraceMs: 0, random: () => 0 };
    const decision = decide(aPlayer(), command, draft, context);
    if (!decision.ok || decision.value.kind !== "claim-started") throw new Error("not claimable");
    const started = decision.value;
    const pending = after(state, { at, catalog, operation: started });
    const granted: Operation = { ...started, kind: "claim-granted", attempts: 1 };
    const paid = dayName(Date.parse(present(started.claim.period)), "long");
    return { state: after(pending, { at, catalog, operation: granted }), paid };
  }

  function seen(state: ReturnType<typeof stateOf>, at: number): [string, string] {
    const { draft } = rolledDraft(state, { catalog, at });
    const rows = new Map([...draft.all()].map((row) => [row.goalId, row]));
    const { status, progress, lateClaim } = goalState(entry, rows, at);
    const isDone = status === "completed" || status === "claimed";
    const late =
      lateClaim === null
        ? "–"
        : `${dayName(Date.parse(present(lateClaim.period)), "long")}, until ${time(lateClaim.until)}`;
    return [isDone ? status : `${progress} of 3`, late];
  }
});

function dayName(instant: number, weekday: "long" | "short"): string {
  return new Intl.DateTimeFormat("en-GB", { weekday, timeZone: "UTC" }).format(instant);
}

function time(until: string): string {
  const instant = Date.parse(until);
  return `${dayName(instant, "short")} ${formatInstant(instant).slice(11, 16)}`;
}

import { describe, expect, it } from "vitest";

import { aCatalog, aGoal, aRow, type RotationWish } from "../../test/support/builders.ts";
import {
  aClaim,
  aLateClaim,
  DAY_MS,
  HOUR_MS,
  noon,
  present,
} from "../../test/support/player-builders.ts";
import type { Catalog } from "./catalog.ts";
import type { GoalRow } from "./player.ts";
import { rollRows, unmetPrerequisites } from "./roll.ts";

const midnight = Date.UTC(2026, 2, 10);
const schedule = "daily" as const;
const monday = { period: "2026-03-09T00:00:00.000Z", schedule, periodEndsAt: midnight };
const tuesday = { period: "2026-03-10T00:00:00.000Z", schedule, periodEndsAt: midnight + DAY_MS };
const completedAt = noon - DAY_MS;
const completed = aRow({ ...monday, status: "completed", progress: 10, completedAt });
const requirement = { progressMode: "count" } as const;

function daily(rotation: RotationWish = {}): Catalog {
  return aCatalog(aGoal({ requirement, rotation }));
}

/** The goal's row after all rows were rolled; the row itself when the roll left it alone. */
function rolled(catalog: Catalog, rows: readonly GoalRow[], now: number): GoalRow {
  const byGoal = new Map(rows.map((row) => [row.goalId, row]));
  for (const row of rollRows(catalog, byGoal, now)) byGoal.set(row.goalId, row);
  return present(byGoal.get("ten-kills"));
}

describe("what a reset leaves of a completed goal", () => {
  it("is a late claim: period, completion, reward of the catalog as it is, end of grace", () => {
    const catalog = aCatalog(
      aGoal({ requirement, reward: { quantity: 7 }, rotation: { claimGraceSeconds: 7_200 } }),
    );
    const row = rolled(catalog, [{ ...completed, round: 3 }], midnight + HOUR_MS);
    expect(row).toMatchObject({ ...tuesday, status: "not_started", completedAt: null });
    expect(row.lateClaim).toEqual({
      period: monday.period,
      completedAt,
      reward: { type: "WALLET", rewardId: "GOLD", quantity: 7 },
      round: 3,
      until: midnight + 2 * HOUR_MS,
      schedule: "daily",
    });
  });

  it.each([
    { title: "a grace of 0", grace: 0, now: midnight },
    { title: "a grace that is over to the millisecond", grace: 3_600, now: midnight + HOUR_MS },
    { title: "many missed periods", grace: 86_400, now: midnight + 5 * DAY_MS },
  ])("is nothing after $title", ({ grace, now }) => {
    const row = rolled(daily({ claimGraceSeconds: grace }), [completed], now);
    expect(row).toMatchObject({ status: "not_started", lateClaim: null });
  });

  it("outlives many missed periods when the grace is long enough", () => {
    const row = rolled(daily({ claimGraceSeconds: 864_000 }), [completed], midnight + 5 * DAY_MS);
    expect(row.lateClaim).toMatchObject({
      period: monday.period,
      until: midnight + 10 * DAY_MS,
    });
  });

  it("keeps the period and the schedule in which it was completed, whatever the rotation is by now", () => {
    const carriedOver = { ...completed, period: "2026-03-08T00:00:00.000Z" };
    const row = rolled(daily({ schedule: "weekly" }), [carriedOver], noon);
    expect(row.lateClaim).toMatchObject({ schedule: "daily", period: carriedOver.period });
    expect(row).toMatchObject({ schedule: "weekly", period: monday.period });
  });

  it("replaces an older late claim", () => {
    const older = aLateClaim({
      period: "2026-03-08T00:00:00.000Z",
      completedAt: noon - 2 * DAY_MS,
    });
    expect(rolled(daily(), [{ ...completed, lateClaim: older }], noon).lateClaim).toMatchObject({
      period: monday.period,
    });
  });

  it("keeps an older late claim when there is no newer completion", () => {
    const older = aLateClaim();
    const row = aRow({ ...monday, status: "in_progress", progress: 3, lateClaim: older });
    expect(rolled(daily(), [row], noon).lateClaim).toEqual(older);
  });

  it("is nothing new for a claim in flight of this completion", () => {
    const openClaim = aClaim({ period: monday.period, completedAt });
    expect(rolled(daily(), [{ ...completed, openClaim }], noon)).toMatchObject({
      ...tuesday,
      status: "not_started",
      lateClaim: null,
      openClaim,
    });
  });

  it("is a late claim beside a claim in flight of an earlier completion", () => {
    const openClaim = aClaim({
      period: "2026-03-08T00:00:00.000Z",
      completedAt: noon - 2 * DAY_MS,
    });
    expect(rolled(daily(), [{ ...completed, openClaim }], noon)).toMatchObject({
      lateClaim: { period: monday.period },
      openClaim,
    });
  });
});

describe("prerequisites at the end of a period", () => {
  const catalog = aCatalog(
    aGoal({ requirement, rotation: {}, prerequisites: ["first"] }),
    aGoal({ goalId: "first", requirement, rotation: {} }),
  );

  it.each([
    { status: "completed", lateClaim: "is left" },
    { status: "claimed", lateClaim: "is left" },
    { status: "in_progress", lateClaim: "is not left" },
    { status: "not_started", lateClaim: "is not left" },
  ] as const)(
    "$status as the rows stood before the roll, though it resets too: a late claim $lateClaim",
    ({ status, lateClaim }) => {
      const first = aRow({ goalId: "first", ...monday, status, completedAt });
      for (const rows of [
        [first, completed],
        [completed, first],
      ]) {
        const row = rolled(catalog, rows, noon);
        expect(row.status).toBe("not_started");
        expect(row.lateClaim === null ? "is not left" : "is left").toBe(lateClaim);
      }
    },
  );

  it("without a row are not met", () => {
    expect(rolled(catalog, [completed], noon).lateClaim).toBeNull();
  });

  it("are listed as the catalog has them, those that are not done", () => {
    const entry = present(
      aCatalog(aGoal({ prerequisites: ["d", "a", "c", "b"] })).goals.get("ten-kills"),
    );
    const rows = new Map([
      ["a", aRow({ goalId: "a", status: "completed" })],
      ["b", aRow({ goalId: "b", status: "claimed" })],
      ["c", aRow({ goalId: "c", status: "in_progress" })],
    ]);
    expect(unmetPrerequisites(entry, rows)).toEqual(["d", "c"]);
  });
});

describe("rolling all rows of a player", () => {
  it("answers the changed ones only and leaves rows of removed goals untouched", () => {
    const removed = aRow({ goalId: "removed", ...monday, status: "completed", completedAt });
    const fresh = aRow({ goalId: "fresh", ...tuesday });
    const catalog = aCatalog(
      aGoal({ requirement, rotation: {} }),
      aGoal({ goalId: "fresh", requirement, rotation: {} }),
    );
    const rows = new Map([removed, fresh, completed].map((row) => [row.goalId, row]));
    expect(rollRows(catalog, rows, noon).map(({ goalId }) => goalId)).toEqual(["ten-kills"]);
    expect(rows.get("ten-kills")).toBe(completed);
  });
});

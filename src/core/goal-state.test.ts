import { describe, expect, it } from "vitest";

import { aCatalog, aChallenge, aGoal, aRow, type GoalWish } from "../../test/support/builders.ts";
import { aClaim, aLateClaim, DAY_MS, noon, present } from "../../test/support/player-builders.ts";
import type { Catalog } from "./catalog.ts";
import { goalState, rolledRows } from "./goal-state.ts";
import type { GoalRow } from "./player.ts";

const midnight = Date.UTC(2026, 2, 11);
const tuesday = { period: "2026-03-10T00:00:00Z", periodEndsAt: midnight };
const requirement = { progressMode: "count" } as const;

function stateIn(catalog: Catalog, rows: readonly GoalRow[], now = noon) {
  const entry = present(catalog.goals.get("ten-kills"));
  return goalState(entry, rolledRows(catalog, rows, now), now);
}

function state(goal: GoalWish, rows: readonly GoalRow[] = [], now = noon) {
  return stateIn(aCatalog(aGoal({ requirement, ...goal })), rows, now);
}

describe("what a player sees of a goal", () => {
  it("without a row: not started, active when assigned by default, not assigned yet", () => {
    expect(state({ defaultAssigned: true })).toEqual({
      progress: 0,
      status: "not_started",
      isActive: true,
      locked: false,
      assignedAt: null,
      completedAt: null,
      claimedAt: null,
      expiresAt: null,
      expiresInSeconds: null,
      claimPending: false,
      lateClaim: null,
    });
    expect(state({}).isActive).toBe(false);
  });

  it("with a row: its progress and its instants in RFC 3339 UTC", () => {
    const row = aRow({ status: "claimed", progress: 12.5, completedAt: 1, claimedAt: noon });
    expect(state({}, [row])).toMatchObject({
      progress: 12.5,
      status: "claimed",
      assignedAt: "1970-01-01T00:00:00.000Z",
      completedAt: "1970-01-01T00:00:00.001Z",
      claimedAt: "2026-03-10T12:00:00.000Z",
    });
  });

  it("while a grant is pending: completed, with a claim that is pending", () => {
    const row = aRow({ status: "completed", completedAt: 1_000, openClaim: aClaim() });
    expect(state({}, [row])).toMatchObject({ status: "completed", claimPending: true });
  });

  it("before its challenge starts: not active, whatever the row says", () => {
    const startsAt = new Date(midnight).toISOString();
    const goals = [aGoal({ defaultAssigned: true })];
    const catalog = aCatalog(aChallenge({ startsAt, goals }));
    for (const rows of [[], [aRow()]]) {
      expect(stateIn(catalog, rows, midnight - 1).isActive).toBe(false);
      expect(stateIn(catalog, rows, midnight).isActive).toBe(true);
    }
  });
});

describe("expiresAt", () => {
  it("is the end of the current period, row or not", () => {
    const ends = { expiresAt: "2026-03-11T00:00:00.000Z", expiresInSeconds: 43_200 };
    expect(state({ rotation: {} })).toMatchObject(ends);
    expect(state({ rotation: {} }, [aRow(tuesday)])).toMatchObject(ends);
    expect(state({ rotation: {} }, [aRow({ ...tuesday, periodEndsAt: noon })])).toMatchObject(ends);
  });

  it("is the end that the row remembers, while a rule that was edited has another", () => {
    const row = aRow({ ...tuesday, periodEndsAt: noon + 90_500 });
    expect(state({ rotation: {} }, [row])).toMatchObject({
      expiresAt: new Date(noon + 90_500).toISOString(),
      expiresInSeconds: 90,
    });
  });

  it("moves on for a goal that is claimed for good", () => {
    const row = aRow({ ...tuesday, status: "claimed", completedAt: 1, claimedAt: 2 });
    const rotation = { onExpiry: { allowReselection: false } };
    expect(state({ rotation }, [row], noon + 3 * DAY_MS)).toMatchObject({
      status: "claimed",
      expiresAt: "2026-03-14T00:00:00.000Z",
    });
  });

  it("is null without rotation, or with one that is switched off", () => {
    const never = { expiresAt: null, expiresInSeconds: null };
    expect(state({}, [aRow(tuesday)])).toMatchObject(never);
    expect(state({ rotation: { enabled: false } }, [aRow(tuesday)])).toMatchObject(never);
  });
});

describe("a late claim", () => {
  it("is shown with its period and instants until its last millisecond", () => {
    const lateClaim = aLateClaim({ until: midnight });
    expect(state({}, [aRow({ lateClaim })]).lateClaim).toEqual({
      period: "2026-03-09T00:00:00Z",
      completedAt: "2026-03-09T12:00:00.000Z",
      until: "2026-03-11T00:00:00.000Z",
    });
    expect(state({}, [aRow({ lateClaim })], midnight - 1).lateClaim).not.toBeNull();
    expect(state({}, [aRow({ lateClaim })], midnight).lateClaim).toBeNull();
  });

  it("is shown before any operation has written it down", () => {
    const row = aRow({ ...tuesday, status: "completed", completedAt: noon });
    expect(state({ rotation: {} }, [row], midnight)).toMatchObject({
      status: "not_started",
      lateClaim: { period: tuesday.period, completedAt: new Date(noon).toISOString() },
    });
  });
});

describe("a goal is locked", () => {
  const catalog = aCatalog(
    aGoal({ requirement, prerequisites: ["first"] }),
    aGoal({ goalId: "first", requirement, rotation: {} }),
  );
  const first = aRow({ goalId: "first", ...tuesday });

  it("while a prerequisite is neither completed nor claimed", () => {
    expect(stateIn(catalog, []).locked).toBe(true);
    for (const [status, locked] of [
      ["not_started", true],
      ["in_progress", true],
      ["completed", false],
      ["claimed", false],
    ] as const) {
      expect(stateIn(catalog, [{ ...first, status }]).locked).toBe(locked);
    }
  });

  it("again when the prerequisite's period is over", () => {
    const done = { ...first, status: "completed", completedAt: noon } as const;
    expect(stateIn(catalog, [done], midnight - 1).locked).toBe(false);
    expect(stateIn(catalog, [done], midnight).locked).toBe(true);
  });
});

it("a read leaves the rows that it was given as they are", () => {
  const row = Object.freeze(aRow({ ...tuesday, status: "in_progress", progress: 4 }));
  const rows = Object.freeze([row]);
  const catalog = aCatalog(aGoal({ requirement, rotation: {} }));
  expect(rolledRows(catalog, rows, midnight).get("ten-kills")?.progress).toBe(0);
  expect(rows).toEqual([row]);
});

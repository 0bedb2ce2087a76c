import { describe, expect, it } from "vitest";

import { aCatalog, aChallenge, aGoal, aRow } from "../../test/support/builders.ts";
import {
  aClaim,
  after,
  aLogin,
  anEvent,
  DAY_MS,
  inMode,
  noon,
  stateOf,
} from "../../test/support/player-builders.ts";
import type { Catalog } from "./catalog.ts";
import type { EventFacts, Operation } from "./operation.ts";
import type { GoalRow } from "./player.ts";
import { apply, goalsMovedBy } from "./reducer.ts";

function change(catalog: Catalog, operation: Operation, rows: readonly GoalRow[] = [], at = noon) {
  return apply(stateOf(rows), operation, { catalog, at });
}

function changed(catalog: Catalog, event: EventFacts, rows: readonly GoalRow[] = [], at = noon) {
  return change(catalog, { kind: "event", event }, rows, at).rows;
}

const three = anEvent({ latestValue: 3 });

describe("an event moves", () => {
  const catalog = aCatalog(
    aGoal({ goalId: "kills", defaultAssigned: true }),
    aGoal({ goalId: "deaths", defaultAssigned: true, requirement: { statCode: "deaths" } }),
    aGoal({ goalId: "visits", defaultAssigned: true, eventSource: "login" }),
    aGoal({ goalId: "days", eventSource: "login", requirement: { statCode: "anything" } }),
  );

  function moved(event: EventFacts, rows: readonly GoalRow[] = []): string[] {
    return changed(catalog, event, rows).map(({ goalId }) => goalId);
  }

  it("the goals of its stat code, or every login goal whatever its stat code", () => {
    expect(goalsMovedBy(catalog, three).map(({ goal }) => goal.goalId)).toEqual(["kills"]);
    const login = goalsMovedBy(catalog, aLogin({ statCode: "kills" }));
    expect(login.map(({ goal }) => goal.goalId)).toEqual(["visits", "days"]);
    expect(goalsMovedBy(catalog, anEvent({ statCode: "unknown" }))).toEqual([]);
    expect(goalsMovedBy(catalog, anEvent({ statCode: "anything" }))).toEqual([]);
  });

  it("only those that are active for the player: by default, or by their row", () => {
    expect(moved(aLogin())).toEqual(["visits"]);
    const days = aRow({ goalId: "days" });
    expect(moved(aLogin(), [days])).toEqual(["visits", "days"]);
    expect(moved(aLogin(), [{ ...days, isActive: false }])).toEqual(["visits"]);
    expect(moved(three, [aRow({ goalId: "kills", isActive: false })])).toEqual([]);
  });

  it("a default goal without a row, which is assigned by it", () => {
    const row = aRow({ goalId: "kills", assignedAt: noon, status: "in_progress", progress: 3 });
    expect(changed(catalog, three)).toEqual([{ ...row, raw: 3, eventCount: 1, lastEventAt: noon }]);
  });
});

describe("the time of an event", () => {
  const season = aChallenge({
    startsAt: "2026-03-10T00:00:00.000Z",
    endsAt: "2026-03-11T00:00:00.000Z",
    goals: [aGoal({ defaultAssigned: true })],
  });
  const start = Date.UTC(2026, 2, 10);
  const end = start + DAY_MS;

  it.each([
    { title: "arrival before the start", at: start - 1, timestamp: null, counts: false },
    { title: "arrival at the start", at: start, timestamp: null, counts: true },
    { title: "arrival in the last millisecond", at: end - 1, timestamp: null, counts: true },
    { title: "arrival at the end", at: end, timestamp: null, counts: false },
    { title: "stamped inside, arrived later", at: end + DAY_MS, timestamp: end - 1, counts: true },
    { title: "stamped before, arrived inside", at: start + 1, timestamp: start - 1, counts: false },
    { title: "stamped inside, arrived before", at: start - 1, timestamp: start, counts: false },
    { title: "stamped after, arrived inside", at: end - 1, timestamp: end, counts: true },
  ])("decides the challenge's window: $title", ({ at, timestamp, counts }) => {
    const rows = changed(aCatalog(season), { ...three, timestamp }, [], at);
    expect(rows).toHaveLength(counts ? 1 : 0);
  });

  it("is its arrival when it is stamped later", () => {
    const [row] = changed(aCatalog(season), { ...three, timestamp: noon + 60_000 });
    expect(row?.lastEventAt).toBe(noon);
  });

  it("decides which value is newer, while period and completion are of its arrival", () => {
    const catalog = aCatalog(aGoal({ rotation: {}, defaultAssigned: true, ...inMode("relative") }));
    const event = anEvent({ latestValue: 20, inc: 20, timestamp: noon - 2 * DAY_MS });
    expect(changed(catalog, event)[0]).toMatchObject({
      lastEventAt: noon - 2 * DAY_MS,
      completedAt: noon,
      period: "2026-03-10T00:00:00.000Z",
    });
  });
});

describe("initialize", () => {
  const ended = { startsAt: null, endsAt: "2026-03-10T00:00:00.000Z" };
  const upcoming = { startsAt: "2026-03-11T00:00:00.000Z", endsAt: null };
  const mission = (goalId: string) => aGoal({ goalId, defaultAssigned: true });
  const catalog = aCatalog(
    mission("open"),
    mission("played"),
    aGoal({ goalId: "optional" }),
    aChallenge({ challengeId: "past", ...ended, goals: [mission("over")] }),
    aChallenge({ challengeId: "next", ...upcoming, goals: [mission("soon")] }),
  );
  const played = aRow({ goalId: "played", progress: 4, status: "in_progress", assignedAt: 1 });

  it("makes the missing rows of default goals whose challenge is open", () => {
    expect(change(catalog, { kind: "initialize" }, [played]).rows).toEqual([
      aRow({ goalId: "open", assignedAt: noon }),
    ]);
  });

  it("is idempotent, and does not bring back what the player deactivated", () => {
    const rows = [played, aRow({ goalId: "open", isActive: false, assignedAt: null })];
    expect(change(catalog, { kind: "initialize" }, rows).rows).toEqual([]);
  });
});

describe("activation", () => {
  const catalog = aCatalog(aGoal(), aGoal({ goalId: "default", defaultAssigned: true }));
  const activate = { kind: "activate", challengeId: "first-steps", goalId: "ten-kills" } as const;

  it("assigns the goal at its instant, with or without a row", () => {
    const on = { ...activate, isActive: true };
    expect(change(catalog, on).rows).toEqual([aRow({ assignedAt: noon })]);
    const inactive = aRow({ isActive: false, progress: 4, status: "in_progress", assignedAt: 5 });
    const rows = [{ ...inactive, isActive: true, assignedAt: noon }];
    expect(change(catalog, on, [inactive]).rows).toEqual(rows);
  });

  it("that ends keeps progress, status and the time of assignment", () => {
    const row = aRow({ progress: 12, status: "completed", completedAt: 7, assignedAt: 5 });
    const off = { ...activate, isActive: false };
    expect(change(catalog, off, [row]).rows).toEqual([{ ...row, isActive: false }]);
  });

  it("of a default goal without a row is written down either way", () => {
    const own = { ...activate, goalId: "default" };
    const row = aRow({ goalId: "default" });
    expect(change(catalog, { ...own, isActive: true }).rows).toEqual([
      { ...row, assignedAt: noon },
    ]);
    expect(change(catalog, { ...own, isActive: false }).rows).toEqual([
      { ...row, isActive: false, assignedAt: null },
    ]);
  });

  it("that is so already changes nothing", () => {
    for (const isActive of [true, false]) {
      const row = aRow({ isActive, assignedAt: 5 });
      expect(change(catalog, { ...activate, isActive }, [row]).rows).toEqual([]);
    }
  });

  it("ended for a goal that was never active leaves no row", () => {
    expect(change(catalog, { ...activate, isActive: false }).rows).toEqual([]);
  });

  it("of a goal that the catalog lacks changes nothing", () => {
    const gone = { ...activate, goalId: "gone", isActive: true };
    expect(change(catalog, gone, [aRow({ goalId: "gone", isActive: false })]).rows).toEqual([]);
  });
});

describe("every operation", () => {
  const catalog = aCatalog(
    aGoal({ rotation: {}, ...inMode("count") }),
    aGoal({ goalId: "other", requirement: { statCode: "deaths" } }),
  );
  const claim = aClaim();
  const other = { challengeId: "first-steps", goalId: "other" } as const;
  const stale = aRow({
    period: "2026-03-09T00:00:00.000Z",
    periodEndsAt: Date.UTC(2026, 2, 10),
    status: "in_progress",
    progress: 5,
  });

  it.each<Operation>([
    { kind: "event", event: anEvent({ statCode: "deaths", inc: 1 }) },
    { kind: "initialize" },
    { kind: "activate", ...other, isActive: true },
    { kind: "claim-started", ...other, claim },
    { kind: "claim-granted", ...other, claim, attempts: 1 },
    { kind: "claim-rejected", ...other, claim, attempts: 1, reason: "no" },
  ])("rolls the player first: $kind", (operation) => {
    const { rows } = after(stateOf([stale]), { at: noon, catalog, operation });
    expect(rows.get("ten-kills")).toMatchObject({ status: "not_started", progress: 0 });
  });

  it("answers until when the rows need no roll: the earliest end of a period", () => {
    const { rolled } = change(catalog, { kind: "initialize" }, [stale, aRow({ goalId: "other" })]);
    expect(rolled).toEqual({ catalogVersion: catalog.version, until: Date.UTC(2026, 2, 11) });
    expect(change(catalog, { kind: "initialize" }).rolled.until).toBe(Infinity);
    const activate = { kind: "activate", ...other, goalId: "ten-kills", isActive: true } as const;
    expect(change(catalog, activate).rolled.until).toBe(Date.UTC(2026, 2, 11));
  });
});

describe("a claim from start to end", () => {
  const catalog = aCatalog(aGoal());
  const claim = aClaim({ completedAt: 5 });
  const of = { challengeId: "first-steps", goalId: "ten-kills", claim } as const;
  const completed = aRow({ status: "completed", progress: 10, completedAt: 5 });

  it("goes through the ledger as pending and granted, and through the row", () => {
    const start = change(catalog, { kind: "claim-started", ...of }, [completed]);
    expect(start.grants.map(({ state }) => state)).toEqual(["pending"]);
    expect(start.rows).toEqual([{ ...completed, openClaim: claim }]);
    const end = change(catalog, { kind: "claim-granted", ...of, attempts: 1 }, start.rows);
    expect(end.grants.map(({ state }) => state)).toEqual(["granted"]);
    expect(end.rows).toEqual([{ ...completed, status: "claimed", claimedAt: noon }]);
  });

  it("can end in a rejection, after which the goal is completed again", () => {
    const open = { ...completed, openClaim: claim };
    const end = change(
      catalog,
      { kind: "claim-rejected", ...of, attempts: 1, reason: "sold out" },
      [open],
    );
    expect(end.grants).toMatchObject([{ state: "rejected", lastError: "sold out" }]);
    expect(end.rows).toEqual([completed]);
  });
});

import { describe, expect, it } from "vitest";

import { aCatalog, aGoal, aRow, type GoalWish } from "../../test/support/builders.ts";
import {
  aClaim,
  aLateClaim,
  aPlayer,
  DAY_MS,
  noon,
  present,
  readableDigest,
} from "../../test/support/player-builders.ts";
import { decideClaim } from "./claim.ts";
import type { GoalRow, LateClaim } from "./player.ts";

const midnight = Date.UTC(2026, 2, 10);
const schedule = "daily" as const;
const tuesday = { period: "2026-03-10T00:00:00.000Z", schedule, periodEndsAt: midnight + DAY_MS };
const completedAt = noon - 60_000;
const done = { ...tuesday, status: "completed", progress: 12, completedAt } as const;
const daily = { requirement: { progressMode: "count" }, rotation: {} } as const;

/** The answer to a claim at noon on Tuesday, 10 March 2026. */
function claim(goal: GoalWish, row: Partial<GoalRow>, others: readonly GoalRow[] = []) {
  const entry = present(aCatalog(aGoal(goal)).goals.get("ten-kills"));
  const own = aRow(row);
  const rows = new Map([own, ...others].map((each) => [each.goalId, each]));
  return decideClaim(aPlayer(), entry, own, rows, noon, readableDigest);
}

function started(...args: Parameters<typeof claim>) {
  const decision = claim(...args);
  if (!decision.ok) throw new Error(`refused: ${decision.failure.code}`);
  return decision.value;
}

function refused(...args: Parameters<typeof claim>) {
  const decision = claim(...args);
  return present(decision.ok ? null : decision.failure, "refusal");
}

describe("a claim of a completed goal", () => {
  it("starts, with all that a resume needs", () => {
    const reward = { quantity: 7 };
    expect(started({ ...daily, reward }, { ...done, round: 2 })).toEqual({
      kind: "claim-started",
      challengeId: "first-steps",
      goalId: "ten-kills",
      claim: {
        grantId: `["arena","ada","ten-kills","daily","${tuesday.period}",2]`,
        period: tuesday.period,
        schedule: "daily",
        completedAt,
        reward: { type: "WALLET", rewardId: "GOLD", quantity: 7 },
        round: 2,
        startedAt: noon,
        until: midnight + 2 * DAY_MS,
      },
    });
  });

  it("has neither period nor end without rotation", () => {
    const { claim: open } = started({}, { status: "completed", completedAt });
    expect(open).toMatchObject({ period: null, until: null });
    expect(open.grantId).toBe('["arena","ada","ten-kills",null,null,0]');
  });

  it("names the period in which the goal was completed when it was carried over since", () => {
    const period = "2026-03-09T00:00:00.000Z";
    const carried = { ...done, period, completedAt: noon - DAY_MS };
    const rotation = { onExpiry: { resetProgress: false } };
    const { claim: open } = started({ ...daily, rotation }, carried);
    expect(open).toMatchObject({ period, until: midnight + 2 * DAY_MS });
    expect(open.grantId).toContain(period);
  });

  it("of a row that was carried over before rows kept their schedule has it from the rule of today", () => {
    const rotation = { schedule: "weekly", onExpiry: { resetProgress: false } } as const;
    const carried = { ...done, schedule: null, completedAt: noon - 2 * DAY_MS };
    const { claim: open } = started({ ...daily, rotation }, carried);
    expect(open).toMatchObject({ period: "2026-03-02T00:00:00.000Z", schedule: "weekly" });
    const own = { ...done, schedule: null };
    expect(started({ ...daily, rotation }, own).claim.grantId).toBe(
      `["arena","ada","ten-kills","weekly","${tuesday.period}",0]`,
    );
  });

  it("comes before an open late claim", () => {
    const { claim: open } = started(daily, { ...done, lateClaim: aLateClaim() });
    expect(open).toMatchObject({ period: tuesday.period, completedAt });
  });
});

describe("a late claim", () => {
  const late = aLateClaim({ round: 1, reward: { type: "ITEM", rewardId: "SWORD", quantity: 1 } });

  it.each(["not_started", "in_progress", "claimed"] as const)(
    "is claimed under its own period and reward while the current period is %s",
    (status) => {
      const { claim: open } = started(daily, { ...tuesday, status, lateClaim: late });
      expect(open).toEqual({
        ...late,
        schedule: "daily",
        grantId: `["arena","ada","ten-kills","daily","${late.period}",1]`,
        startedAt: noon,
      });
    },
  );

  it("has the grant id of the schedule of its time; of that of today where it was not kept", () => {
    const weekly = { ...daily, rotation: { schedule: "weekly" as const } };
    const of = (lateClaim: LateClaim) => started(weekly, { ...tuesday, lateClaim }).claim;
    expect(of({ ...late, schedule: "daily" }).grantId).toContain('"daily"');
    expect(of(late).grantId).toContain('"weekly"');
  });

  it("needs no prerequisites: they were met when its period ended", () => {
    const goal = { ...daily, prerequisites: ["first"] };
    expect(started(goal, { ...tuesday, lateClaim: late }).claim.period).toBe(late.period);
  });

  it("is open until the millisecond of its end", () => {
    expect(claim(daily, { lateClaim: { ...late, until: noon + 1 } }).ok).toBe(true);
    const over = { ...tuesday, lateClaim: { ...late, until: noon } };
    expect(refused(daily, over).code).toBe("GOAL_NOT_COMPLETED");
  });
});

describe("a claim is refused", () => {
  const openClaim = aClaim({ grantId: "in-flight" });
  const goal = { ...daily, prerequisites: ["first"] };

  it("first, when the goal is not active, whatever else is true of it", () => {
    const everything = { ...done, isActive: false, openClaim, lateClaim: aLateClaim() };
    expect(refused(goal, everything).code).toBe("GOAL_NOT_ACTIVE");
  });

  it("then while a claim of it is in flight, with that claim's grant id", () => {
    for (const status of ["in_progress", "completed", "claimed"] as const) {
      expect(refused(goal, { ...done, status, openClaim, lateClaim: aLateClaim() })).toMatchObject({
        code: "CLAIM_IN_PROGRESS",
        extra: { grantId: "in-flight" },
      });
    }
  });

  it("then when it was claimed already, with the instant and the grant id of that claim", () => {
    const grantId = started(daily, done).claim.grantId;
    const claimed = { ...done, status: "claimed", claimedAt: noon - 1_000 } as const;
    expect(refused(goal, claimed)).toMatchObject({
      code: "ALREADY_CLAIMED",
      extra: { claimedAt: "2026-03-10T11:59:59.000Z", grantId },
    });
    expect(refused(goal, { ...claimed, claimedAt: null }).extra).toMatchObject({ claimedAt: null });
  });

  it("with the grant id of the period of completion, when that was carried over", () => {
    const rotation = { onExpiry: { resetProgress: false } };
    const carried = { ...done, period: "2026-03-09T00:00:00.000Z", completedAt: noon - DAY_MS };
    const grantId = started({ ...daily, rotation }, carried).claim.grantId;
    const claimed = { ...carried, status: "claimed", claimedAt: noon } as const;
    expect(refused({ ...daily, rotation }, claimed).extra).toMatchObject({ grantId });
  });

  it("with the grant id under which it was paid, when its rotation was added or edited since", () => {
    const status = { status: "claimed", claimedAt: noon } as const;
    for (const of of [{}, { period: null, schedule: null }]) {
      const { grantId } = started(daily, { ...done, ...of }).claim;
      const claimed = { ...done, ...status, ...of };
      for (const rotation of [null, {}, { schedule: "weekly" as const }]) {
        expect(refused({ ...daily, rotation }, claimed).extra).toMatchObject({ grantId });
      }
    }
  });

  it.each(["not_started", "in_progress"] as const)(
    "then when it is not completed: %s, saying how far it is, before any prerequisite",
    (status) => {
      expect(refused(goal, { ...tuesday, status, progress: 3 })).toMatchObject({
        code: "GOAL_NOT_COMPLETED",
        detail: "Goal ten-kills is not completed: progress 3 of 10.",
      });
    },
  );

  it("last when a prerequisite is neither completed nor claimed, naming those", () => {
    const prerequisites = ["first", "second", "third", "fourth"];
    const others = [
      aRow({ goalId: "first", status: "in_progress" }),
      aRow({ goalId: "second", status: "completed" }),
      aRow({ goalId: "third", status: "claimed" }),
    ];
    const failure = refused({ ...daily, prerequisites }, done, others);
    expect(failure.code).toBe("PREREQUISITES_NOT_MET");
    expect(failure.extra).toEqual({ prerequisites: ["first", "fourth"] });
    expect(failure.detail).toContain("first, fourth");
  });
});

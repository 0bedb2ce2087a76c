import { describe, expect, it } from "vitest";

import { aCatalog, aGoal, aRow, type RotationWish } from "../../test/support/builders.ts";
import { aClaim, aLateClaim, DAY_MS, HOUR_MS, noon } from "../../test/support/player-builders.ts";
import type { Catalog } from "./catalog.ts";
import { Draft } from "./draft.ts";
import type { GoalRow, LateClaim, OpenClaim } from "./player.ts";
import { settleGranted, settleUnpaid, startClaim } from "./settle-claim.ts";

const midnight = Date.UTC(2026, 2, 10);
const schedule = "daily" as const;
const monday = { period: "2026-03-09T00:00:00.000Z", schedule, periodEndsAt: midnight };
const tuesday = { period: "2026-03-10T00:00:00.000Z", schedule, periodEndsAt: midnight + DAY_MS };
const completedAt = noon - DAY_MS;
const until = midnight + DAY_MS;
const startedAt = midnight - HOUR_MS;
const claim = aClaim({ period: monday.period, schedule, completedAt, startedAt, until });
const of = { challengeId: "first-steps", goalId: "ten-kills", claim } as const;
const granted = { kind: "claim-granted", ...of, attempts: 2 } as const;
const rejected = { kind: "claim-rejected", ...of, attempts: 3, reason: "no such item" } as const;

/** Monday's completion, its claim in flight. */
const claiming = aRow({
  ...monday,
  status: "completed",
  progress: 12,
  completedAt,
  openClaim: claim,
});
/** Tuesday's row, Monday's claim still in flight. */
const reset = aRow({ ...tuesday, status: "in_progress", progress: 3, openClaim: claim });

function daily(rotation: RotationWish = {}, prerequisites: readonly string[] = []): Catalog {
  const requirement = { progressMode: "count" } as const;
  return aCatalog(aGoal({ requirement, rotation, prerequisites }));
}
const once = daily({ onExpiry: { allowReselection: false } });

function draftOf(...rows: readonly GoalRow[]): Draft {
  return new Draft(new Map(rows.map((row) => [row.goalId, row])));
}

function grantedRow(row: GoalRow, at: number, catalog = daily()): GoalRow | undefined {
  const draft = draftOf(row);
  settleGranted(draft, granted, { catalog, at });
  return draft.get("ten-kills");
}

function rejectedRow(row: GoalRow, at: number, catalog = daily()): GoalRow | undefined {
  const draft = draftOf(row);
  settleUnpaid(draft, rejected, { catalog, at });
  return draft.get("ten-kills");
}

function lateFrom({ period, completedAt, reward, round, until }: OpenClaim): LateClaim {
  return { period, schedule, completedAt, reward, round, until: until ?? 0 };
}

const line = {
  grantId: claim.grantId,
  challengeId: "first-steps",
  goalId: "ten-kills",
  period: monday.period,
  reward: claim.reward,
  nextAttemptAt: null,
  createdAt: claim.startedAt,
};

describe("a claim that starts", () => {
  const operation = { kind: "claim-started", ...of } as const;

  it("stands in the row, and in the ledger as pending", () => {
    const row = { ...claiming, openClaim: null };
    const draft = draftOf(row);
    expect(startClaim(draft, operation)).toEqual({
      ...line,
      state: "pending",
      attempts: 0,
      lastError: null,
      grantedAt: null,
    });
    expect(draft.get("ten-kills")).toEqual({ ...row, openClaim: claim });
  });

  it("moves the late claim that it is for, and leaves one of another completion", () => {
    const late = lateFrom(claim);
    const own = draftOf({ ...reset, openClaim: null, lateClaim: late });
    startClaim(own, operation);
    expect(own.get("ten-kills")).toEqual({ ...reset, openClaim: claim, lateClaim: null });

    const older = { ...late, completedAt: completedAt - DAY_MS };
    const other = draftOf({ ...claiming, openClaim: null, lateClaim: older });
    startClaim(other, operation);
    expect(other.get("ten-kills")?.lateClaim).toEqual(older);
  });

  it("leaves a late claim of another round, or of a period that another schedule gave the same name", () => {
    for (const late of [
      { ...lateFrom(claim), round: 1 },
      { ...lateFrom(claim), completedAt: completedAt - 1 },
    ]) {
      const draft = draftOf({ ...claiming, openClaim: null, lateClaim: late });
      startClaim(draft, operation);
      expect(draft.get("ten-kills")?.lateClaim).toEqual(late);
    }
  });

  it("is in the ledger even if its row is gone", () => {
    const draft = draftOf();
    expect(startClaim(draft, operation).state).toBe("pending");
    expect(draft.changes()).toEqual([]);
  });
});

describe("a claim that was granted", () => {
  it("is granted in the ledger, with its attempts and its instant", () => {
    expect(settleGranted(draftOf(claiming), granted, { catalog: daily(), at: noon })).toEqual({
      ...line,
      state: "granted",
      attempts: 2,
      lastError: null,
      grantedAt: noon,
    });
  });

  it("makes the completion that stands in the row claimed", () => {
    const at = midnight - 1;
    const claimed = { ...claiming, openClaim: null, status: "claimed", claimedAt: at };
    expect(grantedRow(claiming, at)).toEqual(claimed);
    expect(grantedRow(claiming, at, once)).toEqual(claimed);
    expect(grantedRow(claiming, at, daily({ enabled: false }))).toEqual(claimed);
    expect(grantedRow(claiming, at, aCatalog(aGoal({ goalId: "another" })))).toEqual(claimed);
  });

  it("makes it claimed also where a rotation was added in between and named the row's period", () => {
    const open = { ...claim, period: null, until: null };
    const row = { ...claiming, ...tuesday, openClaim: open };
    const draft = draftOf(row);
    settleGranted(draft, { ...granted, claim: open }, { catalog: daily(), at: noon });
    expect(draft.get("ten-kills")).toMatchObject({ status: "claimed", openClaim: null });
  });

  it.each(["not_started", "in_progress", "completed"] as const)(
    "of an earlier period leaves the current one as it is: %s",
    (status) => {
      const row = { ...reset, status, completedAt: status === "completed" ? noon : null };
      expect(grantedRow(row, noon + 1)).toEqual({ ...row, openClaim: null });
    },
  );

  it("leaves a newer late claim open", () => {
    const lateClaim = aLateClaim({ completedAt: noon - 1 });
    expect(grantedRow({ ...reset, lateClaim }, noon)).toMatchObject({ lateClaim });
  });

  it("claims a goal without reselection for good, with the completion that was paid", () => {
    for (const status of ["not_started", "in_progress", "completed"] as const) {
      const row = { ...reset, status, completedAt: status === "completed" ? noon : null };
      expect(grantedRow(row, noon + 1, once)).toEqual({
        ...row,
        status: "claimed",
        completedAt,
        claimedAt: noon + 1,
        openClaim: null,
        period: monday.period,
      });
    }
  });

  it.each([
    { title: "the row is gone", rows: [] },
    { title: "the row has no claim", rows: [{ ...reset, openClaim: null }] },
    {
      title: "the row has another claim",
      rows: [{ ...reset, openClaim: aClaim({ grantId: "another" }) }],
    },
  ])("settles only the ledger when $title", ({ rows }) => {
    const draft = draftOf(...rows);
    expect(settleGranted(draft, granted, { catalog: once, at: noon }).state).toBe("granted");
    expect(settleUnpaid(draft, rejected, { catalog: once, at: noon }).state).toBe("rejected");
    expect(draft.changes()).toEqual([]);
  });
});

describe("a claim that an operator took back, and that turns out to be paid", () => {
  it("is claimed where its completion stands", () => {
    expect(grantedRow({ ...claiming, openClaim: null }, midnight - 1)).toMatchObject({
      status: "claimed",
      completedAt,
      claimedAt: midnight - 1,
    });
  });

  it("is no late claim any more, and claims its goal for good where that is claimed once", () => {
    const late = { ...reset, openClaim: null, lateClaim: lateFrom(claim) };
    expect(grantedRow(late, noon)).toEqual({ ...late, lateClaim: null });
    expect(grantedRow(late, noon, once)).toEqual({
      ...late,
      lateClaim: null,
      status: "claimed",
      completedAt,
      claimedAt: noon,
      period: monday.period,
    });
  });
});

describe("a claim that was rejected", () => {
  it("is rejected in the ledger, with its attempts and the reason", () => {
    expect(settleUnpaid(draftOf(claiming), rejected, { catalog: daily(), at: noon })).toEqual({
      ...line,
      state: "rejected",
      attempts: 3,
      lastError: "no such item",
      grantedAt: null,
    });
  });

  it("makes the completion that stands in the row claimable again", () => {
    const freed = { ...claiming, openClaim: null };
    expect(rejectedRow(claiming, midnight - 1)).toEqual(freed);
    const plain = aCatalog(aGoal());
    expect(rejectedRow(claiming, noon, plain)).toEqual(freed);
    expect(rejectedRow(claiming, noon, aCatalog(aGoal({ goalId: "another" })))).toEqual(freed);
  });

  it("becomes the late claim when its period is over, with the reward it was started with", () => {
    expect(rejectedRow(reset, noon)).toEqual({
      ...reset,
      openClaim: null,
      lateClaim: lateFrom(claim),
    });
  });

  it("becomes nothing when its grace is over too, or when it had no end", () => {
    for (const open of [
      { ...claim, until: noon },
      { ...claim, period: null, until: null },
    ]) {
      const draft = draftOf({ ...reset, openClaim: open });
      settleUnpaid(draft, { ...rejected, claim: open }, { catalog: daily(), at: noon });
      expect(draft.get("ten-kills")).toEqual({ ...reset, openClaim: null });
    }
  });

  it("takes the place of an older late claim, which the claim had come before", () => {
    const lateClaim = aLateClaim({ completedAt: completedAt - DAY_MS });
    expect(rejectedRow({ ...reset, lateClaim }, noon)?.lateClaim).toEqual(lateFrom(claim));
  });

  it("gives way to a newer late claim", () => {
    const lateClaim = aLateClaim({ completedAt: completedAt + DAY_MS });
    expect(rejectedRow({ ...reset, lateClaim }, noon)?.lateClaim).toEqual(lateClaim);
  });

  it("leaves an open late claim alone while its own completion stands", () => {
    const lateClaim = aLateClaim({ completedAt: completedAt - DAY_MS });
    const row = { ...claiming, lateClaim };
    expect(rejectedRow(row, midnight - 1)).toEqual({ ...row, openClaim: null });
  });

  it("gives a row that it held in its period back to the rotation, whose late claim it becomes", () => {
    // Without reselection a claim in flight keeps its row from rolling. A prerequisite that was reset meanwhile
    // does not take the late claim away: it was met when the claim started.
    const catalog = daily({ onExpiry: { allowReselection: false } }, ["first"]);
    expect(rejectedRow(claiming, noon, catalog)).toEqual({
      ...aRow(tuesday),
      lateClaim: lateFrom(claim),
    });
  });

  it("leaves the completion to be claimed when such a rotation carries over", () => {
    const onExpiry = { allowReselection: false, resetProgress: false };
    expect(rejectedRow(claiming, noon, daily({ onExpiry }))).toEqual({
      ...claiming,
      periodEndsAt: tuesday.periodEndsAt,
      openClaim: null,
    });
  });
});

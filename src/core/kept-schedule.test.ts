import { describe, expect, it } from "vitest";

import { aCatalog, aGoal, aRow, type RotationWish } from "../../test/support/builders.ts";
import {
  aPlayer,
  DAY_MS,
  noon,
  present,
  readableDigest,
} from "../../test/support/player-builders.ts";
import type { Catalog } from "./catalog.ts";
import { decideClaim } from "./claim.ts";
import { Draft } from "./draft.ts";
import type { GoalRow, OpenClaim } from "./player.ts";
import { apply } from "./reducer.ts";
import { blankRow, rollRows } from "./roll.ts";
import { settleUnpaid } from "./settle-claim.ts";

const RULES = {
  "no rotation": null,
  daily: {},
  "daily, carried over": { onExpiry: { resetProgress: false } },
  weekly: { schedule: "weekly" },
  "monthly, carried over": { schedule: "monthly", onExpiry: { resetProgress: false } },
} as const satisfies Record<string, RotationWish | null>;
const RULE_NAMES = ["no rotation", "daily", "daily, carried over", "weekly"] as const;
const pairs = RULE_NAMES.flatMap((first) =>
  [...RULE_NAMES, "monthly, carried over" as const].map((after) => ({ first, after })),
);

function rotating(rule: keyof typeof RULES): Catalog {
  const requirement = { progressMode: "count", targetValue: 1 } as const;
  return aCatalog(aGoal({ requirement, rotation: RULES[rule] }));
}

/** The goal of this catalog, completed at noon on Tuesday, 10 March 2026. */
function completedIn(catalog: Catalog): GoalRow {
  const blank = blankRow(present(catalog.goals.get("ten-kills")), noon);
  return { ...blank, isActive: true, status: "completed", progress: 1, completedAt: noon };
}

function rolled(row: GoalRow, catalog: Catalog, at: number): GoalRow {
  return rollRows(catalog, new Map([[row.goalId, row]]), at)[0] ?? row;
}

function claimed(row: GoalRow, catalog: Catalog, at: number): OpenClaim {
  const entry = present(catalog.goals.get("ten-kills"));
  const decision = decideClaim(aPlayer(), entry, row, new Map(), at, readableDigest);
  if (!decision.ok) throw new Error(decision.failure.detail);
  return decision.value.claim;
}

describe("a completion's grant id", () => {
  it.each(pairs)(
    "is the same after its goal's rotation is edited before the first claim: $first, then $after",
    ({ first, after }) => {
      const completed = completedIn(rotating(first));
      const { grantId } = claimed(completed, rotating(first), noon);
      for (const later of [noon + 1, noon + 0.8 * DAY_MS, noon + 1.4 * DAY_MS]) {
        const row = rolled(completed, rotating(after), later);
        expect(claimed(row, rotating(after), later).grantId).toBe(grantId);
        // And back: as where the rows of the time in between were lost.
        const again = rolled(row, rotating(first), later + 1);
        expect(claimed(again, rotating(first), later + 1).grantId).toBe(grantId);
      }
    },
  );

  it.each(pairs)(
    "is the same after a claim of it was rejected under another rotation: $first, then $after",
    ({ first, after }) => {
      const completed = completedIn(rotating(first));
      const claim = claimed(completed, rotating(first), noon);
      const at = noon + 0.8 * DAY_MS;
      const row = rolled({ ...completed, openClaim: claim }, rotating(after), at);
      const draft = new Draft(new Map([[row.goalId, row]]));
      const of = { challengeId: row.challengeId, goalId: row.goalId, claim, attempts: 1 };
      const catalog = rotating(after);
      settleUnpaid(draft, { kind: "claim-rejected", ...of, reason: "no" }, { catalog, at });
      const freed = present(draft.get("ten-kills"));
      expect(claimed(freed, catalog, at).grantId).toBe(claim.grantId);
    },
  );

  it("is of the period and the schedule in which the row is, though the rule was edited before the completion", () => {
    const begun = blankRow(present(rotating("daily").goals.get("ten-kills")), noon);
    const event = { source: "statistic", statCode: "kills", inc: 1 } as const;
    const change = apply(
      { rows: new Map([[begun.goalId, { ...begun, isActive: true }]]), rolled: null },
      { kind: "event", event: { ...event, latestValue: null, timestamp: null } },
      { catalog: rotating("weekly"), at: noon + 1 },
    );
    const { schedule, period } = claimed(present(change.rows[0]), rotating("weekly"), noon + 2);
    expect({ schedule, period }).toEqual({ schedule: "daily", period: "2026-03-10T00:00:00.000Z" });
  });
});

describe("a reset of a completion that was carried over", () => {
  it("lets the goal be completed in the current period, not in that of the completion", () => {
    const catalog = rotating("daily, carried over");
    const at = noon + 2 * DAY_MS;
    const row = rolled(completedIn(catalog), catalog, at);
    expect(row.period).toBe("2026-03-10T00:00:00.000Z");
    const state = { rows: new Map([[row.goalId, row]]), rolled: null };
    const { rows } = apply(state, { kind: "reset", goalIds: [row.goalId] }, { catalog, at });
    expect(rows).toEqual([
      aRow({
        isActive: true,
        assignedAt: null,
        period: "2026-03-12T00:00:00.000Z",
        schedule: "daily",
        periodEndsAt: Date.UTC(2026, 2, 13),
        round: 1,
      }),
    ]);
  });
});

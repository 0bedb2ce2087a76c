import { describe, expect, it } from "vitest";

import { aCatalog, aChallenge, aGoal, aRow } from "../../test/support/builders.ts";
import { aPlayer, DAY_MS, noon, readableDigest } from "../../test/support/player-builders.ts";
import { decide, isVisible } from "./command.ts";
import { Draft } from "./draft.ts";
import type { RulesCommand } from "./operation.ts";
import type { GoalRow } from "./player.ts";

const catalog = aCatalog(
  aGoal(),
  aChallenge({
    challengeId: "season",
    startsAt: new Date(noon).toISOString(),
    endsAt: new Date(noon + DAY_MS).toISOString(),
    goals: [aGoal({ goalId: "seasonal", defaultAssigned: true })],
  }),
);

function answer(command: RulesCommand, at = noon, rows: readonly GoalRow[] = []) {
  const draft = new Draft(new Map(rows.map((row) => [row.goalId, row])));
  const context = {
    catalog,
    at,
    digest: readableDigest,
    claimGraceMs: 7 * DAY_MS,
    random: () => 0,
  };
  const decision = decide(aPlayer(), command, draft, context);
  expect(draft.changes()).toEqual([]);
  return decision.ok ? decision.value : decision.failure.code;
}

const claim = { kind: "claim", challengeId: "first-steps", goalId: "ten-kills" } as const;
const activate = { ...claim, kind: "activate", isActive: true } as const;
const seasonal = { challengeId: "season", goalId: "seasonal" } as const;

describe("a command becomes the operation to journal", () => {
  it("as it is, when nothing can be against it", () => {
    expect(answer({ kind: "initialize" })).toEqual({ kind: "initialize" });
    expect(answer(activate)).toEqual(activate);
    expect(answer({ ...activate, isActive: false })).toEqual({ ...activate, isActive: false });
  });

  it("with all that the claim rests on", () => {
    const row = aRow({ status: "completed", completedAt: 5 });
    expect(answer(claim, noon, [row])).toMatchObject({
      ...claim,
      kind: "claim-started",
      claim: { completedAt: 5, startedAt: noon },
    });
  });
});

describe("a command is refused", () => {
  it.each([claim, activate])("for a challenge that there is not: $kind", (command) => {
    expect(answer({ ...command, challengeId: "none" })).toBe("CHALLENGE_NOT_FOUND");
  });

  it.each([claim, activate])(
    "for an unknown goal, or one of another challenge: $kind",
    (command) => {
      expect(answer({ ...command, goalId: "none" })).toBe("GOAL_NOT_FOUND");
      expect(answer({ ...command, goalId: "seasonal" })).toBe("GOAL_NOT_FOUND");
    },
  );

  it.each([claim, activate])(
    "before the challenge starts and after its grace: $kind",
    (command) => {
      const later = { ...command, ...seasonal };
      expect(answer(later, noon - 1)).toBe("CHALLENGE_NOT_FOUND");
      expect(answer(later, noon)).not.toBe("CHALLENGE_NOT_FOUND");
      expect(answer(later, noon + 8 * DAY_MS - 1)).not.toBe("CHALLENGE_NOT_FOUND");
      expect(answer(later, noon + 8 * DAY_MS)).toBe("CHALLENGE_NOT_FOUND");
    },
  );

  it("when the goal has no row: as not active, or as not completed for one assigned by default", () => {
    expect(answer(claim)).toBe("GOAL_NOT_ACTIVE");
    expect(answer({ ...claim, ...seasonal })).toBe("GOAL_NOT_COMPLETED");
  });
});

it("a challenge without window is always visible", () => {
  for (const at of [0, noon]) {
    expect(isVisible({ startsAtMs: -Infinity, endsAtMs: Infinity }, at, 0)).toBe(true);
  }
});

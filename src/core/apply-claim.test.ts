import { describe, expect, it } from "vitest";

import { aCatalog, aGoal, aRow } from "../../test/support/builders.ts";
import { aClaim } from "../../test/support/player-builders.ts";
import { applyClaim } from "./apply-claim.ts";
import type { ClaimOperation } from "./claim-operation.ts";
import { Draft } from "./draft.ts";

const claim = aClaim();
const of = { challengeId: "first-steps", goalId: "ten-kills", claim, attempts: 3 } as const;
const parked = { kind: "claim-parked", ...of, reason: "no answer" } as const;
const claiming = aRow({ status: "completed", completedAt: 1_000, openClaim: claim });

function applied(operation: ClaimOperation, row = claiming) {
  const draft = new Draft(new Map([[row.goalId, row]]));
  const line = applyClaim(draft, operation, { catalog: aCatalog(aGoal()), at: 5_000 });
  return { line, row: draft.get(row.goalId) };
}

describe("a claim that is open", () => {
  it("shows in the ledger how often its reward was asked for in vain, and when next", () => {
    const tried = { kind: "claim-tried", ...of, nextAttemptAt: 9_000, reason: "down" } as const;
    expect(applied(tried)).toMatchObject({
      row: claiming,
      line: { state: "pending", attempts: 3, nextAttemptAt: 9_000, lastError: "down" },
    });
  });

  it("is marked in row and ledger when it is parked, and stays open", () => {
    expect(applied(parked)).toMatchObject({
      row: { status: "completed", openClaim: { ...claim, isParked: true } },
      line: { state: "parked", attempts: 3, nextAttemptAt: null, lastError: "no answer" },
    });
  });

  it("loses the mark when it is asked for again", () => {
    const row = { ...claiming, openClaim: { ...claim, isParked: true as const } };
    const retried = applied({ kind: "claim-retried", ...of }, row);
    expect(retried.row).toEqual(claiming);
    expect(retried.line).toMatchObject({ state: "pending", attempts: 3, nextAttemptAt: 5_000 });
  });

  it("leaves another claim of the row alone", () => {
    const row = { ...claiming, openClaim: aClaim({ grantId: "another" }) };
    expect(applied(parked, row).row).toEqual(row);
    expect(applied(parked, row).line.isAnonymous).toBeUndefined();
  });

  it("gives its completion back when it is cancelled, as when it is rejected", () => {
    expect(applied({ kind: "claim-cancelled", ...of, isAnonymous: false })).toMatchObject({
      row: { status: "completed", openClaim: null },
      line: { state: "cancelled", attempts: 3, lastError: null },
    });
  });

  it("ends without a name in the ledger when its player was erased", () => {
    const erased = { ...of, isAnonymous: true };
    for (const kind of ["claim-granted", "claim-cancelled"] as const) {
      expect(applied({ kind, ...erased }, aRow()).line.isAnonymous).toBe(true);
      expect(applied({ kind, ...of, isAnonymous: false }, aRow()).line.isAnonymous).toBeUndefined();
    }
  });
});

import type { GrantLine, GrantState, OpenClaim } from "./player.ts";

/** The ledger's line of a claim's grant, in this state; what is not given is empty. */
export function ledgerLine(
  operation: {
    readonly challengeId: string;
    readonly goalId: string;
    readonly claim: OpenClaim;
    readonly attempts?: number;
  },
  state: GrantState,
  more: Partial<Pick<GrantLine, "nextAttemptAt" | "lastError" | "grantedAt">> = {},
): GrantLine {
  const { challengeId, goalId, claim, attempts = 0 } = operation;
  return {
    grantId: claim.grantId,
    challengeId,
    goalId,
    period: claim.period,
    reward: claim.reward,
    state,
    attempts,
    nextAttemptAt: null,
    lastError: null,
    createdAt: claim.startedAt,
    grantedAt: null,
    ...more,
  };
}

/** True of a grant that is neither paid nor given up: its claim is open. */
export function isUnsettled(state: GrantState): boolean {
  return state === "pending" || state === "parked";
}

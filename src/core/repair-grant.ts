import type { ClaimOperation } from "./claim-operation.ts";
import { type Outcome, refuse } from "./errors.ts";
import type { RepairGrant } from "./operation.ts";
import type { OpenClaim } from "./player.ts";

/** A grant that is neither paid nor given up, as its shard knows it. */
interface UnsettledGrant {
  readonly challengeId: string;
  readonly goalId: string;
  readonly claim: OpenClaim;
  readonly attempts: number;
  readonly isErased: boolean;
}

/**
 * What an operator's repair journals. CONFLICT for a grant that is not open: what is settled stays settled.
 *
 * `deliver` and `cancel` take the operator's word for what the reward service did.
 */
export function decideRepair(
  { grantId, repair }: RepairGrant,
  grant: UnsettledGrant | undefined,
): Outcome<ClaimOperation> {
  if (grant === undefined) {
    return refuse("CONFLICT", `Grant ${grantId} is settled: there is nothing to repair.`, {
      extra: { grantId },
    });
  }
  const { challengeId, goalId, claim, attempts, isErased: isAnonymous } = grant;
  const step = { challengeId, goalId, claim, attempts };
  switch (repair) {
    case "retry":
      return { ok: true, value: { kind: "claim-retried", ...step } };
    case "deliver":
      return { ok: true, value: { kind: "claim-granted", ...step, isAnonymous } };
    case "cancel":
      return { ok: true, value: { kind: "claim-cancelled", ...step, isAnonymous } };
  }
}

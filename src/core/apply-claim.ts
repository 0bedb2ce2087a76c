import type { Catalog } from "./catalog.ts";
import type { ClaimOperation } from "./claim-operation.ts";
import type { Draft } from "./draft.ts";
import { ledgerLine } from "./ledger-line.ts";
import type { GrantLine } from "./player.ts";
import { settleGranted, settleUnpaid, startClaim } from "./settle-claim.ts";

/** Applies a step of a claim to the row of its goal. Answers the ledger's line of its grant as it is then. */
export function applyClaim(
  draft: Draft,
  operation: ClaimOperation,
  context: { readonly catalog: Pick<Catalog, "goals">; readonly at: number },
): GrantLine {
  switch (operation.kind) {
    case "claim-started":
      return startClaim(draft, operation);
    case "claim-tried": {
      const { nextAttemptAt, reason } = operation;
      return ledgerLine(operation, "pending", { nextAttemptAt, lastError: reason });
    }
    case "claim-parked":
      markParked(draft, operation, true);
      return ledgerLine(operation, "parked", { lastError: operation.reason });
    case "claim-retried":
      markParked(draft, operation, false);
      return ledgerLine(operation, "pending", { nextAttemptAt: context.at });
    case "claim-granted":
      return settleGranted(draft, operation, context);
    case "claim-rejected":
    case "claim-cancelled":
      return settleUnpaid(draft, operation, context);
  }
}

/** The row says it beside the ledger, so that whoever loads the player does not ask. */
function markParked(draft: Draft, { goalId, claim }: ClaimOperation, isParked: boolean): void {
  const row = draft.get(goalId);
  const open = row?.openClaim;
  if (row === undefined || open === null || open?.grantId !== claim.grantId) return;
  const { isParked: _, ...asked } = open;
  draft.set({ ...row, openClaim: isParked ? { ...asked, isParked } : asked });
}

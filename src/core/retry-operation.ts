import type { ClaimOperation } from "./claim-operation.ts";
import type { LetterOperation } from "./dead-letter.ts";
import type { Operation } from "./operation.ts";
import type { GoalRow, RowLookup } from "./player.ts";

/** What became of one operation of a letter that was retried. `refused` alone leaves the letter open. */
export interface RetriedOperation {
  readonly position: number;
  /** `repeated`: an earlier retry had it taken. `skipped`: there is nothing to do for it. */
  readonly status: "taken" | "repeated" | "skipped" | "refused";
  /** Why it was skipped or refused; null otherwise. */
  readonly detail: string | null;
}

/** A new operation in place of one in a letter, or why it is not taken. */
export type Retry =
  | { readonly operation: Operation }
  | { readonly status: "skipped" | "refused"; readonly detail: string };

/**
 * What an operation of a letter is now, for the player as it stands, with the letter's operations before it taken. Pure.
 *
 * An event keeps the time at which it happened. Of claims only those are taken up again that were paid, so that what the
 * ledger holds shows in the rows; any other claim is the player's to make again, under the same grant id as long as it is
 * for the same period.
 */
export function retryOf(
  { operation, at }: LetterOperation,
  letter: readonly LetterOperation[],
  rows: RowLookup,
): Retry {
  if (operation.kind === "event") {
    const timestamp = Math.min(operation.event.timestamp ?? at, at);
    return { operation: { ...operation, event: { ...operation.event, timestamp } } };
  }
  if (!("claim" in operation)) return { operation };
  const row = rows.get(operation.goalId);
  if (operation.kind === "claim-granted") return regranted(operation, row);
  const { grantId } = operation.claim;
  const isPaid = letter.some((each) => isGranted(each.operation, grantId));
  if (operation.kind !== "claim-started" || !isPaid) return skipped(NOT_PAID);
  return restarted(operation, row);
}

const NOT_PAID = "A claim that was not paid is the player's to make again.";
const GONE = "The goal is not completed now as it was then; the ledger has what was paid.";

/** The completion is another one by its instant, but of the same period, schedule and round: the one that the grant id was for. */
function restarted(
  operation: Extract<ClaimOperation, { kind: "claim-started" }>,
  row: GoalRow | undefined,
): Retry {
  const { claim, goalId } = operation;
  const isThatOne =
    row?.period === claim.period &&
    row.schedule === (claim.schedule ?? row.schedule) &&
    row.round === claim.round;
  if (!isThatOne || row.status !== "completed" || row.completedAt === null) return skipped(GONE);
  if (row.openClaim !== null) {
    return { status: "refused", detail: `A claim of goal ${goalId} is not settled yet.` };
  }
  return { operation: { ...operation, claim: { ...claim, completedAt: row.completedAt } } };
}

function regranted(
  operation: Extract<ClaimOperation, { kind: "claim-granted" }>,
  row: GoalRow | undefined,
): Retry {
  const open = row?.openClaim ?? null;
  if (open?.grantId !== operation.claim.grantId) return skipped(GONE);
  return { operation: { ...operation, claim: open, isAnonymous: false } };
}

function skipped(detail: string): Retry {
  return { status: "skipped", detail };
}

function isGranted(operation: Operation, grantId: string): boolean {
  return operation.kind === "claim-granted" && operation.claim.grantId === grantId;
}

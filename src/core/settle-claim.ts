import type { Catalog } from "./catalog.ts";
import type { ClaimOperation } from "./claim-operation.ts";
import { claimsThisCompletion, isSameCompletion } from "./completion.ts";
import type { Draft } from "./draft.ts";
import { ledgerLine } from "./ledger-line.ts";
import type { GoalRow, GrantLine, LateClaim, OpenClaim } from "./player.ts";
import { roll } from "./roll.ts";

type ClaimStarted = Extract<ClaimOperation, { kind: "claim-started" }>;
type ClaimGranted = Extract<ClaimOperation, { kind: "claim-granted" }>;
type ClaimUnpaid = Extract<ClaimOperation, { kind: "claim-rejected" | "claim-cancelled" }>;

/** With what a claim is settled. `at`: epoch milliseconds. */
interface SettleContext {
  readonly catalog: Pick<Catalog, "goals">;
  readonly at: number;
}

/** Puts the claim into the row; a late claim moves over. Answers the ledger's first line of the grant. */
export function startClaim(draft: Draft, operation: ClaimStarted): GrantLine {
  const { goalId, claim } = operation;
  const row = draft.get(goalId);
  if (row !== undefined) {
    const isLate = row.lateClaim !== null && isSameCompletion(row.lateClaim, claim);
    draft.set({ ...row, openClaim: claim, lateClaim: isLate ? null : row.lateClaim });
  }
  return ledgerLine(operation, "pending");
}

/**
 * The reward was paid: settles the completion that the claim was started for.
 *
 * That may stand in the row, or be of an earlier period by now; if it is gone altogether, only the ledger remembers.
 * Claimed late, a goal without reselection is claimed for good.
 */
export function settleGranted(
  draft: Draft,
  operation: ClaimGranted,
  { catalog, at }: SettleContext,
): GrantLine {
  const { goalId, claim } = operation;
  const row = rowOfClaim(draft, operation);
  const isForGood = catalog.goals.get(goalId)?.rotation?.onExpiry.allowReselection === false;
  if (row === undefined) {
    settleWithoutClaim(draft, operation, isForGood, at);
  } else {
    const freed: GoalRow = { ...row, openClaim: null };
    const isItsOwn = claimsThisCompletion(row);
    draft.set(isItsOwn || isForGood ? claimed(freed, claim, at) : freed);
  }
  return { ...ledgerLine(operation, "granted", { grantedAt: at }), ...anonymity(operation, row) };
}

/** The claim is not in the row any more: an operator took it back, and the service says now that it had paid. */
function settleWithoutClaim(
  draft: Draft,
  { goalId, claim }: ClaimGranted,
  isForGood: boolean,
  at: number,
): void {
  const row = draft.get(goalId);
  if (row === undefined) return;
  if (row.status === "completed" && isSameCompletion(row, claim)) {
    draft.set(claimed(row, claim, at));
  } else if (row.lateClaim !== null && isSameCompletion(row.lateClaim, claim)) {
    const freed = { ...row, lateClaim: null };
    draft.set(isForGood ? claimed(freed, claim, at) : freed);
  }
}

/** The row with the completion that was paid, which may take the place of another: what it is paid under comes with it. */
function claimed(row: GoalRow, claim: OpenClaim, at: number): GoalRow {
  const { completedAt, period, schedule = null } = claim;
  const paid = { ...row, status: "claimed", completedAt, claimedAt: at } as const;
  return isSameCompletion(row, claim) ? paid : { ...paid, period, schedule };
}

/**
 * Nothing was paid: the completion can be claimed again, as a late claim when its period is over by now.
 *
 * The newest late claim is kept. Whether the prerequisites are still met does not matter: the claim had passed them.
 */
export function settleUnpaid(
  draft: Draft,
  operation: ClaimUnpaid,
  { catalog, at }: SettleContext,
): GrantLine {
  const { goalId, claim } = operation;
  const row = rowOfClaim(draft, operation);
  if (row !== undefined) {
    const entry = catalog.goals.get(goalId);
    const freed: GoalRow = { ...row, openClaim: null };
    // The claim held the row in its period, for it counted as claimed; that period may be over.
    const rolled = entry === undefined ? freed : roll(entry, freed, at, false);
    const stands = isSameCompletion(rolled, claim);
    const lateClaim = stands ? rolled.lateClaim : newest(rolled.lateClaim, lateAgain(claim, at));
    draft.set({ ...rolled, lateClaim });
  }
  const line =
    operation.kind === "claim-rejected"
      ? ledgerLine(operation, "rejected", { lastError: operation.reason })
      : ledgerLine(operation, "cancelled");
  return { ...line, ...anonymity(operation, row) };
}

/** Where the operation does not say it: only an erasure took a claim out of its row before it was settled. */
function anonymity(
  { isAnonymous }: ClaimGranted | ClaimUnpaid,
  rowOfClaim: GoalRow | undefined,
): Pick<GrantLine, "isAnonymous"> {
  return (isAnonymous ?? rowOfClaim === undefined) ? { isAnonymous: true } : {};
}

function lateAgain(claim: OpenClaim, at: number): LateClaim | null {
  const { period, schedule, completedAt, reward, round, until } = claim;
  if (until === null || until <= at) return null;
  const late = { period, completedAt, reward, round, until };
  return schedule === undefined ? late : { ...late, schedule };
}

function newest(a: LateClaim | null, b: LateClaim | null): LateClaim | null {
  if (a === null || b === null) return a ?? b;
  return b.completedAt > a.completedAt ? b : a;
}

function rowOfClaim(draft: Draft, { goalId, claim }: { goalId: string; claim: OpenClaim }) {
  const row = draft.get(goalId);
  return row?.openClaim?.grantId === claim.grantId ? row : undefined;
}

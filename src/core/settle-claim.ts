import type { Catalog } from "./catalog.ts";
import { claimsThisCompletion, isSameCompletion } from "./completion.ts";
import type { Draft } from "./draft.ts";
import type { Operation } from "./operation.ts";
import type { GoalRow, GrantLine, LateClaim, OpenClaim } from "./player.ts";
import { roll } from "./roll.ts";

type ClaimStarted = Extract<Operation, { kind: "claim-started" }>;
type ClaimGranted = Extract<Operation, { kind: "claim-granted" }>;
type ClaimRejected = Extract<Operation, { kind: "claim-rejected" }>;

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
  return ledgerLine(operation, "pending", 0);
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
  if (row !== undefined) {
    const isForGood = catalog.goals.get(goalId)?.rotation?.onExpiry.allowReselection === false;
    const freed: GoalRow = { ...row, openClaim: null };
    // The completion that was paid takes the place of one in the row: claimedAt and the grant id belong to it.
    const { completedAt } = claim;
    const claimed: GoalRow = { ...freed, status: "claimed", completedAt, claimedAt: at };
    draft.set(claimsThisCompletion(row) || isForGood ? claimed : freed);
  }
  const line = ledgerLine(operation, "granted", operation.attempts);
  return { ...line, grantedAt: at, ...anonymity(row) };
}

/**
 * Nothing was paid: the completion can be claimed again, as a late claim when its period is over by now.
 *
 * The newest late claim is kept. Whether the prerequisites are still met does not matter: the claim had passed them.
 */
export function settleRejected(
  draft: Draft,
  operation: ClaimRejected,
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
  const line = ledgerLine(operation, "rejected", operation.attempts);
  return { ...line, lastError: operation.reason, ...anonymity(row) };
}

/** Only an erasure takes a claim out of its row before it is settled; a row that came since knows nothing of it. */
function anonymity(rowOfClaim: GoalRow | undefined): Pick<GrantLine, "isAnonymous"> {
  return rowOfClaim === undefined ? { isAnonymous: true } : {};
}

function lateAgain(claim: OpenClaim, at: number): LateClaim | null {
  const { period, completedAt, reward, round, until } = claim;
  if (period === null || until === null || until <= at) return null;
  return { period, completedAt, reward, round, until };
}

function newest(a: LateClaim | null, b: LateClaim | null): LateClaim | null {
  if (a === null || b === null) return a ?? b;
  return b.completedAt > a.completedAt ? b : a;
}

function rowOfClaim(draft: Draft, { goalId, claim }: { goalId: string; claim: OpenClaim }) {
  const row = draft.get(goalId);
  return row?.openClaim?.grantId === claim.grantId ? row : undefined;
}

function ledgerLine(
  operation: { challengeId: string; goalId: string; claim: OpenClaim },
  state: GrantLine["state"],
  attempts: number,
): GrantLine {
  const { challengeId, goalId, claim } = operation;
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
  };
}

import type { GoalEntry, Reward, Schedule } from "./catalog.ts";
import type { Draft } from "./draft.ts";
import { type Outcome, refuse } from "./errors.ts";
import type { Operation } from "./operation.ts";
import type { GoalRow, GrantLine, LateClaim, OpenClaim, PlayerKey, RowLookup } from "./player.ts";
import { claimsThisCompletion, lateUntil, unmetPrerequisites } from "./roll.ts";

/** A hash of text, hex; an argument because core/ knows no platform. */
export type Digest = (text: string) => string;

type ClaimStarted = Extract<Operation, { kind: "claim-started" }>;
type ClaimGranted = Extract<Operation, { kind: "claim-granted" }>;
type ClaimRejected = Extract<Operation, { kind: "claim-rejected" }>;

/**
 * May this player claim this goal now? The checks of the domain rules, in their order; expects rolled rows.
 *
 * A claim in flight answers CLAIM_IN_PROGRESS with its grantId: the shard turns that into "pending" when nobody waits for it.
 */
export function decideClaim(
  player: PlayerKey,
  entry: GoalEntry,
  row: GoalRow,
  rows: RowLookup,
  at: number,
  digest: Digest,
): Outcome<ClaimStarted> {
  const { goalId } = entry.goal;
  if (!row.isActive) {
    return refuse("GOAL_NOT_ACTIVE", `Goal ${goalId} is not active; activate it before claiming.`);
  }
  if (row.openClaim !== null) {
    return refuse("CLAIM_IN_PROGRESS", `A claim of goal ${goalId} is in progress; ask again.`, {
      extra: { grantId: row.openClaim.grantId },
    });
  }
  const completion = claimable(entry, row, at);
  if (completion === null) return refuseUnclaimable(player, entry, row, digest);
  if (completion.isCurrent) {
    const unmet = unmetPrerequisites(entry, rows);
    if (unmet.length > 0) {
      return refuse(
        "PREREQUISITES_NOT_MET",
        `Goal ${goalId} needs these goals completed first: ${unmet.join(", ")}.`,
        { extra: { prerequisites: unmet } },
      );
    }
  }
  const { isCurrent: _, ...rest } = completion;
  const grantId = grantIdOf(player, entry, rest, digest);
  return {
    ok: true,
    value: {
      kind: "claim-started",
      challengeId: entry.challenge.challenge.challengeId,
      goalId,
      claim: { ...rest, grantId, startedAt: at },
    },
  };
}

type Completion = Omit<OpenClaim, "grantId" | "startedAt"> & { readonly isCurrent: boolean };

function claimable(entry: GoalEntry, row: GoalRow, at: number): Completion | null {
  if (row.status === "completed" && row.completedAt !== null) {
    const { period, completedAt, round } = row;
    const { reward } = entry.goal;
    return { isCurrent: true, period, completedAt, reward, round, until: lateUntil(entry, row) };
  }
  const late = row.lateClaim;
  if (late !== null && at < late.until) return { isCurrent: false, ...late };
  return null;
}

function refuseUnclaimable(
  player: PlayerKey,
  entry: GoalEntry,
  row: GoalRow,
  digest: Digest,
): Outcome<never> {
  const { goalId } = entry.goal;
  if (row.status === "claimed") {
    return refuse("ALREADY_CLAIMED", `Goal ${goalId} was claimed already.`, {
      extra: {
        claimedAt: row.claimedAt === null ? null : new Date(row.claimedAt).toISOString(),
        grantId: grantIdOf(player, entry, row, digest),
      },
    });
  }
  const target = entry.goal.requirement.targetValue;
  return refuse(
    "GOAL_NOT_COMPLETED",
    `Goal ${goalId} is not completed: progress ${row.progress} of ${target}.`,
  );
}

/**
 * The idempotency key of a grant: the same completion always has the same id, also after an erasure.
 *
 * A JSON array, never a joined string: ids may contain any separator.
 */
export function grantIdOf(
  player: PlayerKey,
  entry: GoalEntry,
  completion: { readonly period: string | null; readonly round: number },
  digest: Digest,
): string {
  const schedule: Schedule | null = entry.rotation?.schedule ?? null;
  const { period, round } = completion;
  const { goalId } = entry.goal;
  return digest(JSON.stringify([player.namespace, player.userId, goalId, schedule, period, round]));
}

/** Puts the claim into the row; a late claim moves over. Answers the ledger's first line of the grant. */
export function startClaim(draft: Draft, operation: ClaimStarted): GrantLine {
  const { goalId, claim } = operation;
  const row = draft.get(goalId);
  if (row !== undefined) {
    const isLate = row.lateClaim !== null && isSame(row.lateClaim, claim);
    draft.set({ ...row, openClaim: claim, lateClaim: isLate ? null : row.lateClaim });
  }
  return ledgerLine(operation, "pending", 0);
}

/**
 * The reward was paid: settles the completion that the claim was started for.
 *
 * That may stand in the row, or be of an earlier period by now; if it is gone altogether, only the ledger remembers.
 */
export function settleGranted(
  draft: Draft,
  operation: ClaimGranted,
  { catalog, at }: { catalog: { goals: ReadonlyMap<string, GoalEntry> }; at: number },
): GrantLine {
  const row = rowOfClaim(draft, operation);
  if (row !== undefined) {
    const isForGood =
      catalog.goals.get(operation.goalId)?.rotation?.onExpiry.allowReselection === false;
    const claimed: GoalRow = { ...row, openClaim: null };
    draft.set(
      claimsThisCompletion(row) || isForGood
        ? { ...claimed, status: "claimed", claimedAt: at }
        : claimed,
    );
  }
  return { ...ledgerLine(operation, "granted", operation.attempts), grantedAt: at };
}

/** Nothing was paid: the completion can be claimed again, as a late claim when its period is over. */
export function settleRejected(draft: Draft, operation: ClaimRejected): GrantLine {
  const row = rowOfClaim(draft, operation);
  if (row !== undefined) {
    const lateClaim = claimsThisCompletion(row)
      ? row.lateClaim
      : (row.lateClaim ?? lateAgain(operation.claim));
    draft.set({ ...row, openClaim: null, lateClaim });
  }
  const line = ledgerLine(operation, "rejected", operation.attempts);
  return { ...line, lastError: operation.reason };
}

function lateAgain(claim: OpenClaim): LateClaim | null {
  if (claim.period === null || claim.until === null) return null;
  const { period, completedAt, reward, round, until } = claim;
  return { period, completedAt, reward, round, until };
}

function rowOfClaim(draft: Draft, { goalId, claim }: { goalId: string; claim: OpenClaim }) {
  const row = draft.get(goalId);
  return row?.openClaim?.grantId === claim.grantId ? row : undefined;
}

function isSame(
  a: { readonly period: string | null; readonly round: number },
  b: { readonly period: string | null; readonly round: number },
): boolean {
  return a.period === b.period && a.round === b.round;
}

function ledgerLine(
  operation: { challengeId: string; goalId: string; claim: OpenClaim },
  state: GrantLine["state"],
  attempts: number,
): GrantLine {
  const { challengeId, goalId, claim } = operation;
  const reward: Reward = claim.reward;
  return {
    grantId: claim.grantId,
    challengeId,
    goalId,
    period: claim.period,
    reward,
    state,
    attempts,
    nextAttemptAt: null,
    lastError: null,
    createdAt: claim.startedAt,
    grantedAt: null,
  };
}

import type { GoalEntry, Schedule } from "./catalog.ts";
import { completedIn, lateUntil } from "./completion.ts";
import { type Outcome, refuse } from "./errors.ts";
import { formatInstant } from "./instant.ts";
import type { Operation } from "./operation.ts";
import type { GoalRow, OpenClaim, PlayerKey, RowLookup } from "./player.ts";
import { unmetPrerequisites } from "./roll.ts";

/** A hash of text, hex; an argument because core/ knows no platform. */
export type Digest = (text: string) => string;

/** Prerequisites that a refusal names: an answer is to be read, and is remembered for its repeats. */
const PREREQUISITES_NAMED_MAX = 50;

type ClaimStarted = Extract<Operation, { kind: "claim-started" }>;

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
      const named = unmet.slice(0, PREREQUISITES_NAMED_MAX);
      return refuse(
        "PREREQUISITES_NOT_MET",
        `Goal ${goalId} needs ${unmet.length} goals completed first: ${named.join(", ")}.`,
        { extra: { prerequisites: named } },
      );
    }
  }
  const { isCurrent: _, schedule, ...rest } = completion;
  const grantId = grantIdOf(player, entry, completion, digest);
  const claim = { ...rest, ...(schedule === null ? {} : { schedule }), grantId, startedAt: at };
  return {
    ok: true,
    value: {
      kind: "claim-started",
      challengeId: entry.challenge.challenge.challengeId,
      goalId,
      claim,
    },
  };
}

type Completion = Omit<OpenClaim, "grantId" | "startedAt" | "schedule"> & {
  readonly isCurrent: boolean;
  readonly schedule: Schedule | null;
};

function claimable(entry: GoalEntry, row: GoalRow, at: number): Completion | null {
  if (row.status === "completed" && row.completedAt !== null) {
    const { completedAt, round } = row;
    const { reward } = entry.goal;
    const until = lateUntil(entry, row);
    return { isCurrent: true, ...completedIn(entry, row), completedAt, reward, round, until };
  }
  const late = row.lateClaim;
  if (late === null || at >= late.until) return null;
  const schedule = late.schedule ?? null;
  return { isCurrent: false, ...late, ...completedIn(entry, { ...late, schedule }) };
}

function refuseUnclaimable(
  player: PlayerKey,
  entry: GoalEntry,
  row: GoalRow,
  digest: Digest,
): Outcome<never> {
  const { goalId } = entry.goal;
  if (row.status === "claimed") {
    const claimed = { ...completedIn(entry, row), round: row.round };
    return refuse("ALREADY_CLAIMED", `Goal ${goalId} was claimed already.`, {
      extra: {
        claimedAt: formatInstant(row.claimedAt),
        grantId: grantIdOf(player, entry, claimed, digest),
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
  completion: {
    readonly period: string | null;
    readonly round: number;
    readonly schedule: Schedule | null;
  },
  digest: Digest,
): string {
  const { period, round, schedule } = completion;
  const { goalId } = entry.goal;
  return digest(JSON.stringify([player.namespace, player.userId, goalId, schedule, period, round]));
}

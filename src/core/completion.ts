import type { GoalEntry, Schedule } from "./catalog.ts";
import type { GoalRow, LateClaim } from "./player.ts";
import { periodOf } from "./rotation.ts";

/** What tells a completion of a goal from the player's other completions of it. Epoch milliseconds. */
interface Completion {
  readonly completedAt: number | null;
  readonly round: number;
}

/**
 * Whether two records speak of the same completion of one goal.
 *
 * By its instant and not by its period: a rotation that is added or edited renames the period under a claim in flight,
 * and two schedules can give two periods one name.
 */
export function isSameCompletion(a: Completion, b: Completion): boolean {
  return a.completedAt === b.completedAt && a.round === b.round;
}

/** True when the claim in flight is for the completion that stands in the row, not for an earlier one. */
export function claimsThisCompletion(row: GoalRow): boolean {
  return row.openClaim !== null && isSameCompletion(row.openClaim, row);
}

/** Under what a completion is paid: neither changes when the goal's rotation is edited. */
interface CompletedIn {
  /** Null when the goal did not rotate then. */
  readonly period: string | null;
  readonly schedule: Schedule | null;
}

/**
 * The period in which the row's goal was completed, which the row has kept.
 *
 * Of rows from before they kept the schedule, which then named the current period also when a completion was carried over,
 * it is what the rule of today makes of it.
 */
export function completedIn(
  entry: GoalEntry,
  { period, schedule, completedAt }: Pick<GoalRow, "period" | "schedule" | "completedAt">,
): CompletedIn {
  const { rotation } = entry;
  if (period === null || schedule !== null) return { period, schedule };
  if (rotation === null) return { period, schedule: null };
  const isOfEarlier = completedAt !== null && completedAt < Date.parse(period);
  const id = isOfEarlier ? periodOf(rotation, completedAt).id : period;
  return { period: id, schedule: rotation.schedule };
}

/** What a reset leaves of a completion that nobody claims; null when there is none, or when its grace is over. */
export function lateClaimOf(entry: GoalEntry, row: GoalRow, now: number): LateClaim | null {
  if (row.status !== "completed" || claimsThisCompletion(row)) return null;
  const { completedAt, round } = row;
  const { period, schedule } = completedIn(entry, row);
  const until = lateUntil(entry, row);
  if (completedAt === null || until === null || until <= now) return null;
  const late = { period, completedAt, reward: entry.goal.reward, round, until };
  return schedule === null ? late : { ...late, schedule };
}

/** The instant until which the row's completion can be claimed late; null where the goal does not rotate. */
export function lateUntil(entry: GoalEntry, row: GoalRow): number | null {
  if (entry.rotation === null || row.periodEndsAt === null) return null;
  return row.periodEndsAt + entry.rotation.claimGraceSeconds * 1000;
}

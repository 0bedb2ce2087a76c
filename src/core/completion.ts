import type { GoalEntry } from "./catalog.ts";
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

/**
 * The period in which the row's goal was completed; null without one.
 *
 * Usually the row's own. A completion that was carried over, or claimed late for good, lies before it.
 */
export function periodOfCompletion(
  entry: GoalEntry,
  { period, completedAt, grant }: Pick<GoalRow, "period" | "completedAt" | "grant">,
): string | null {
  // Of a claim before: a rule that was edited since must not name another.
  if (grant !== undefined) return grant.period;
  if (entry.rotation === null || period === null || completedAt === null) return period;
  const isOfEarlier = completedAt < Date.parse(period);
  return isOfEarlier ? periodOf(entry.rotation, completedAt).id : period;
}

/** What a reset leaves of a completion that nobody claims; null when there is none, or when its grace is over. */
export function lateClaimOf(entry: GoalEntry, row: GoalRow, now: number): LateClaim | null {
  if (row.status !== "completed" || claimsThisCompletion(row)) return null;
  const { completedAt, round } = row;
  const period = periodOfCompletion(entry, row);
  const until = lateUntil(entry, row);
  if (period === null || completedAt === null || until === null || until <= now) return null;
  const late = { period, completedAt, reward: entry.goal.reward, round, until };
  const schedule = entry.rotation === null ? {} : { schedule: entry.rotation.schedule };
  const grant = row.grant === undefined ? {} : { grantId: row.grant.grantId };
  return { ...late, ...schedule, ...grant };
}

/** The instant until which the row's completion can be claimed late; null where the goal does not rotate. */
export function lateUntil(entry: GoalEntry, row: GoalRow): number | null {
  if (entry.rotation === null || row.periodEndsAt === null) return null;
  return row.periodEndsAt + entry.rotation.claimGraceSeconds * 1000;
}

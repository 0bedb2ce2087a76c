import type { Catalog, GoalEntry, Rotation } from "./catalog.ts";
import { claimsThisCompletion, lateClaimOf } from "./completion.ts";
import type { GoalRow, GoalStatus, RowLookup, Rows } from "./player.ts";
import { periodOf } from "./rotation.ts";

/** Until when a player's rows need no roll, under one catalog version. Epoch milliseconds. */
export interface RollMark {
  readonly catalogVersion: string;
  readonly until: number;
}

/**
 * Brings one row to its current period: the only place where periods end.
 *
 * Returns the same object when nothing changes. `wasUnlocked` says whether the goal's prerequisites were met by the rows
 * as they stood before the roll. A row of a later period than now (a clock set back) is left alone. Also completes a
 * goal whose target was lowered to its progress or below.
 */
export function roll(entry: GoalEntry, row: GoalRow, now: number, wasUnlocked: boolean): GoalRow {
  // Before its period is taken from it: a player who saw the goal completed must not lose its reward.
  const settled =
    isOver(entry, row, now) && startsAnew(entry, row) ? complete(entry, row, now) : row;
  return complete(entry, rollPeriod(entry, settled, now, wasUnlocked), now);
}

/** All rows of a player that a roll changes; rows of goals that the catalog lacks stay as they are. Pure. */
export function rollRows(catalog: Catalog, rows: Rows, now: number): GoalRow[] {
  const changed: GoalRow[] = [];
  for (const row of rows.values()) {
    const entry = catalog.goals.get(row.goalId);
    if (entry === undefined) continue;
    const wasDone = row.status === "completed" || isCompletedByRoll(entry, row);
    const wasUnlocked = wasDone && unmetPrerequisites(entry, rows).length === 0;
    const rolled = roll(entry, row, now, wasUnlocked);
    if (rolled !== row) changed.push(rolled);
  }
  return changed;
}

/** The instant from which on `roll` may change this row; -Infinity when it must look at it now. */
export function rollDueAt(entry: GoalEntry, row: GoalRow): number {
  if (entry.rotation === null || isClaimedForGood(entry, row)) return Infinity;
  return row.periodEndsAt ?? -Infinity;
}

/** The prerequisites that are neither completed nor claimed in these rows, in catalog order. */
export function unmetPrerequisites(entry: GoalEntry, rows: RowLookup): string[] {
  return entry.goal.prerequisites.filter((goalId) => !isDone(rows.get(goalId)?.status));
}

/** What a goal without a row is: not started, and active by definition when it is assigned by default. */
export function blankRow(entry: GoalEntry, now: number): GoalRow {
  return {
    challengeId: entry.challenge.challenge.challengeId,
    goalId: entry.goal.goalId,
    status: "not_started",
    isActive: entry.goal.defaultAssigned,
    raw: null,
    baseline: null,
    progress: 0,
    eventCount: 0,
    ...currentPeriod(entry.rotation, now),
    round: 0,
    assignedAt: null,
    completedAt: null,
    claimedAt: null,
    lastEventAt: null,
    lastDay: null,
    lateClaim: null,
    openClaim: null,
  };
}

/** The fields of a row that begins its current period; all null without rotation. */
export function currentPeriod(
  rotation: Rotation | null,
  now: number,
): Pick<GoalRow, "period" | "schedule" | "periodEndsAt"> {
  if (rotation === null) return { period: null, schedule: null, periodEndsAt: null };
  const { id, endsAt } = periodOf(rotation, now);
  return { period: id, schedule: rotation.schedule, periodEndsAt: endsAt };
}

function rollPeriod(entry: GoalEntry, row: GoalRow, now: number, wasUnlocked: boolean): GoalRow {
  const { rotation } = entry;
  if (rotation === null || !isOver(entry, row, now)) return row;
  const current = currentPeriod(rotation, now);
  if (!startsAnew(entry, row)) {
    // Whatever the rule is by now, what was completed is paid under the period in which it was.
    const { periodEndsAt } = current;
    return isDone(row.status) ? { ...row, periodEndsAt } : { ...row, ...current };
  }
  return {
    ...row,
    ...current,
    status: "not_started",
    progress: 0,
    baseline: null,
    completedAt: null,
    claimedAt: null,
    lateClaim: (wasUnlocked ? lateClaimOf(entry, row, now) : null) ?? row.lateClaim,
  };
}

function isOver(entry: GoalEntry, row: GoalRow, now: number): boolean {
  return now >= rollDueAt(entry, row);
}

/** A claim in flight counts as claimed. A rotation that was added starts with the period in which the row is first seen. */
function startsAnew(entry: GoalEntry, row: GoalRow): boolean {
  if (row.periodEndsAt === null) return false;
  const onExpiry = entry.rotation?.onExpiry;
  return onExpiry?.resetProgress === true || isClaimed(row);
}

function isClaimedForGood(entry: GoalEntry, row: GoalRow): boolean {
  return isClaimed(row) && entry.rotation?.onExpiry.allowReselection === false;
}

function isClaimed(row: GoalRow): boolean {
  return row.status === "claimed" || claimsThisCompletion(row);
}

function isDone(status: GoalStatus | undefined): boolean {
  return status === "completed" || status === "claimed";
}

/** At an instant of the row's own period, even if that is over. */
function complete(entry: GoalEntry, row: GoalRow, now: number): GoalRow {
  if (!isCompletedByRoll(entry, row)) return row;
  const completedAt = Math.min(now, (row.periodEndsAt ?? Infinity) - 1);
  return { ...row, status: "completed", completedAt };
}

/** True when the target was lowered to the row's progress or below, and no operation has completed it yet. */
export function isCompletedByRoll(entry: GoalEntry, row: GoalRow): boolean {
  return row.status === "in_progress" && row.progress >= entry.goal.requirement.targetValue;
}

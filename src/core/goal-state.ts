import type { Catalog, GoalEntry } from "./catalog.ts";
import { formatInstant } from "./instant.ts";
import type { GoalRow, GoalStatus, Rows } from "./player.ts";
import { blankRow, currentPeriod, rollRows, unmetPrerequisites } from "./roll.ts";

/** How a player's document is asked for. */
export interface ViewOptions {
  /** The rules' now, epoch milliseconds. */
  readonly now: number;
  readonly claimGraceMs: number;
  /** Keep active goals, and challenges that have one. */
  readonly activeOnly?: boolean;
  /** Also show challenges before their start, without activation. */
  readonly includeUpcoming?: boolean;
}

/** What changes about a goal from player to player and from time to time. Times are RFC 3339 UTC. */
export interface GoalState {
  readonly progress: number;
  readonly status: GoalStatus;
  readonly isActive: boolean;
  readonly locked: boolean;
  readonly assignedAt: string | null;
  readonly completedAt: string | null;
  readonly claimedAt: string | null;
  readonly expiresAt: string | null;
  readonly expiresInSeconds: number | null;
  readonly claimPending: boolean;
  readonly lateClaim: { period: string | null; completedAt: string; until: string } | null;
}

/** A copy of the rows, brought to their current periods: a read never changes what is stored. */
export function rolledRows(catalog: Catalog, rows: readonly GoalRow[], now: number): Rows {
  const byGoal = new Map(rows.map((row) => [row.goalId, row]));
  for (const row of rollRows(catalog, byGoal, now)) byGoal.set(row.goalId, row);
  return byGoal;
}

/** The state of one goal as callers see it; `rows` must be rolled. */
export function goalState(entry: GoalEntry, rows: Rows, now: number): GoalState {
  const row = rows.get(entry.goal.goalId) ?? blankRow(entry, now);
  const hasStarted = now >= entry.challenge.startsAtMs;
  // A completion from before the goal rotated is shown in the period that it would have been in.
  const late = row.lateClaim !== null && now < row.lateClaim.until ? row.lateClaim : null;
  const expiresAt = entry.rotation === null ? null : expiry(entry, row, now);
  return {
    progress: row.progress,
    status: row.status,
    isActive: row.isActive && hasStarted,
    locked: unmetPrerequisites(entry, rows).length > 0,
    assignedAt: formatInstant(row.assignedAt),
    completedAt: formatInstant(row.completedAt),
    claimedAt: formatInstant(row.claimedAt),
    expiresAt: formatInstant(expiresAt),
    expiresInSeconds: expiresAt === null ? null : Math.max(0, Math.floor((expiresAt - now) / 1000)),
    claimPending: row.openClaim !== null,
    lateClaim:
      late === null
        ? null
        : {
            period: late.period ?? currentPeriod(entry.rotation, late.completedAt).period,
            completedAt: formatInstant(late.completedAt),
            until: formatInstant(late.until),
          },
  };
}

/** A goal claimed for good keeps its old row; what it shows is still the current period's end. */
function expiry(entry: GoalEntry, row: GoalRow, now: number): number | null {
  const isCurrent = row.periodEndsAt !== null && now < row.periodEndsAt;
  return isCurrent ? row.periodEndsAt : blankRow(entry, now).periodEndsAt;
}

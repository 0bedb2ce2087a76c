import { assignableGoals } from "./assignable-goals.ts";
import type { Catalog, GoalEntry } from "./catalog.ts";
import { type GoalState, goalState, rolledRows, type ViewOptions } from "./goal-state.ts";
import { formatInstant } from "./instant.ts";
import type { GoalRow, Rows } from "./player.ts";
import { isOpen } from "./reducer.ts";
import { isShown } from "./view.ts";

/** One line of GET /v1/progress. */
export interface ProgressLine extends Omit<GoalState, "expiresInSeconds" | "claimPending"> {
  readonly challengeId: string;
  readonly goalId: string;
}

/** Body of GET /v1/progress: active goals and goals with a row, of challenges that players see now. */
export function progressLines(
  catalog: Catalog,
  rows: readonly GoalRow[],
  options: ViewOptions,
): ProgressLine[] {
  const rolled = rolledRows(catalog, rows, options.now);
  return assignableGoals(catalog, rolled)
    .filter((entry) => isShown(entry.challenge, options))
    .map((entry) => progressLine(entry, rolled, options.now))
    .filter((line) => line.isActive || rolled.has(line.goalId));
}

/** Every stored row of a player for operators, shown or not; rows whose goal the catalog lacks come as stored. */
export function allProgressLines(
  catalog: Catalog,
  rows: readonly GoalRow[],
  now: number,
): ProgressLine[] {
  const rolled = rolledRows(catalog, rows, now);
  return [...rolled.values()].map((row) => {
    const entry = catalog.goals.get(row.goalId);
    return entry === undefined ? orphanLine(row) : progressLine(entry, rolled, now);
  });
}

function progressLine(entry: GoalEntry, rows: Rows, now: number): ProgressLine {
  const { expiresInSeconds: _, claimPending: __, ...state } = goalState(entry, rows, now);
  const { challengeId } = entry.challenge.challenge;
  return { challengeId, goalId: entry.goal.goalId, ...state };
}

function orphanLine(row: GoalRow): ProgressLine {
  return {
    challengeId: row.challengeId,
    goalId: row.goalId,
    progress: row.progress,
    status: row.status,
    isActive: row.isActive,
    locked: false,
    assignedAt: formatInstant(row.assignedAt),
    completedAt: formatInstant(row.completedAt),
    claimedAt: formatInstant(row.claimedAt),
    expiresAt: null,
    lateClaim: null,
  };
}

/** The active goals in the shape that initialize and the selections answer with. */
export function assignedGoals(catalog: Catalog, rows: readonly GoalRow[], options: ViewOptions) {
  const rolled = rolledRows(catalog, rows, options.now);
  return assignableGoals(catalog, rolled)
    .filter((entry) => isShown(entry.challenge, options))
    .map((entry) => assignedGoal(entry, goalState(entry, rolled, options.now)))
    .filter(({ isActive }) => isActive);
}

function assignedGoal({ goal, challenge }: GoalEntry, state: GoalState) {
  const { goalId, name, description, requirement, reward } = goal;
  return {
    challengeId: challenge.challenge.challengeId,
    goalId,
    name,
    description,
    isActive: state.isActive,
    assignedAt: state.assignedAt,
    expiresAt: state.expiresAt,
    progress: state.progress,
    target: requirement.targetValue,
    status: state.status,
    requirement,
    reward,
  };
}

/** True when every default goal of an open challenge has its row: initialize would create nothing. */
export function isInitialised(catalog: Catalog, rows: readonly GoalRow[], now: number): boolean {
  const present = new Set(rows.map((row) => row.goalId));
  return catalog.defaultGoals.every(
    (entry) => present.has(entry.goal.goalId) || !isOpen(entry, now),
  );
}

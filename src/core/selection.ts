import type { ChallengeEntry, GoalEntry } from "./catalog.ts";
import type { Draft } from "./draft.ts";
import { type Outcome, refuse } from "./errors.ts";
import type { Command, Operation } from "./operation.ts";
import type { GoalRow } from "./player.ts";
import { unmetPrerequisites } from "./roll.ts";

type BatchSelect = Extract<Command, { kind: "batch-select" }>;
type RandomSelect = Extract<Command, { kind: "random-select" }>;
type Select = Extract<Operation, { kind: "select" }>;

/** The named goals, all or none; a goal named twice counts once. Expects a rolled draft. */
export function decideBatch(
  command: BatchSelect,
  challenge: ChallengeEntry,
  goals: ReadonlyMap<string, GoalEntry>,
  draft: Draft,
): Outcome<Select> {
  const goalIds = [...new Set(command.goalIds)];
  for (const goalId of goalIds) {
    const entry = goals.get(goalId);
    if (entry === undefined) return refuse("GOAL_NOT_FOUND", `There is no goal ${goalId}.`);
    if (entry.challenge !== challenge) {
      return refuse(
        "GOAL_NOT_IN_CHALLENGE",
        `Goal ${goalId} belongs to challenge ${entry.challenge.challenge.challengeId}.`,
      );
    }
  }
  return select(command, challenge, goalIds, draft);
}

/**
 * Draws goals without replacement: not done in their current period, not locked, and not active where that is asked for.
 * Fewer than `count` in the pool: all of them; none: INSUFFICIENT_GOALS. Expects a rolled draft.
 *
 * `random` gives numbers from 0 to below 1.
 */
export function decideRandom(
  command: RandomSelect,
  challenge: ChallengeEntry,
  draft: Draft,
  random: () => number,
): Outcome<Select> {
  const withoutActive = command.excludeActive || command.replaceExisting;
  const pool = challenge.goals
    .filter((entry) => isDrawable(entry, draft, withoutActive))
    .map((entry) => entry.goal.goalId);
  if (pool.length === 0) {
    return refuse(
      "INSUFFICIENT_GOALS",
      `Challenge ${command.challengeId} has no goal left to draw: all are done, locked or active.`,
    );
  }
  return select(command, challenge, draw(pool, command.count, random), draft);
}

function select(
  { challengeId, replaceExisting }: BatchSelect | RandomSelect,
  challenge: ChallengeEntry,
  goalIds: readonly string[],
  draft: Draft,
): Outcome<Select> {
  const replaced = replaceExisting
    ? challenge.goals
        .filter((entry) => isActive(entry, draft.get(entry.goal.goalId)))
        .map((entry) => entry.goal.goalId)
        .filter((goalId) => !goalIds.includes(goalId))
    : [];
  return { ok: true, value: { kind: "select", challengeId, goalIds, replaced } };
}

function isDrawable(entry: GoalEntry, draft: Draft, withoutActive: boolean): boolean {
  const row = draft.get(entry.goal.goalId);
  const isDone = row?.status === "completed" || row?.status === "claimed";
  if (isDone || unmetPrerequisites(entry, draft).length > 0) return false;
  return !(withoutActive && isActive(entry, row));
}

function isActive(entry: GoalEntry, row: GoalRow | undefined): boolean {
  return row?.isActive ?? entry.goal.defaultAssigned;
}

/** The first places of a Fisher-Yates shuffle. */
function draw(pool: readonly string[], count: number, random: () => number): string[] {
  const left = [...pool];
  const drawn: string[] = [];
  while (drawn.length < count && left.length > 0) {
    drawn.push(...left.splice(Math.floor(random() * left.length), 1));
  }
  return drawn;
}

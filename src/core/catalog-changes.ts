import type { CatalogDocument, Challenge, Goal } from "./catalog.ts";

/** What a publish would change for players, in goals; lists are in document order. */
export interface CatalogChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly GoalChange[];
  /** Goals whose progress mode changed: what players have gathered means something else from then on. */
  readonly breaking: readonly string[];
}

export interface GoalChange {
  readonly goalId: string;
  /**
   * Dotted names such as `requirement.targetValue`; lists count as one field, as does a rotation that came or went.
   * `challengeId` for a goal that moved, `challenge.startsAt` and `challenge.endsAt` for its window.
   */
  readonly fields: readonly string[];
}

/** Compares two documents goal by goal; `before` is null for a first publish. Both must come from parse-catalog. */
export function catalogChanges(
  before: CatalogDocument | null,
  after: CatalogDocument,
): CatalogChanges {
  const oldGoals = placedGoals(before);
  const newGoals = placedGoals(after);
  const changed: GoalChange[] = [];
  const breaking: string[] = [];
  for (const [goalId, now] of newGoals) {
    const then = oldGoals.get(goalId);
    if (then === undefined) continue;
    const fields = changedFields(then, now, "");
    if (fields.length > 0) changed.push({ goalId, fields });
    if (fields.includes(PROGRESS_MODE)) breaking.push(goalId);
  }
  return {
    added: [...newGoals.keys()].filter((goalId) => !oldGoals.has(goalId)),
    removed: [...oldGoals.keys()].filter((goalId) => !newGoals.has(goalId)),
    changed,
    breaking,
  };
}

const PROGRESS_MODE = "requirement.progressMode";

/** A goal with what it has from its challenge. */
interface PlacedGoal extends Goal {
  readonly challengeId: string;
  readonly challenge: Pick<Challenge, "startsAt" | "endsAt">;
}

function placedGoals(document: CatalogDocument | null): Map<string, PlacedGoal> {
  const goals = new Map<string, PlacedGoal>();
  for (const { challengeId, startsAt, endsAt, goals: members } of document?.challenges ?? []) {
    const place = { challengeId, challenge: { startsAt, endsAt } };
    for (const goal of members) goals.set(goal.goalId, { ...goal, ...place });
  }
  return goals;
}

function changedFields(then: object, now: object, prefix: string): string[] {
  const old = new Map<string, unknown>(Object.entries(then));
  return Object.entries(now).flatMap(([key, value]: [string, unknown]) => {
    const name = `${prefix}${key}`;
    const earlier = old.get(key);
    if (isFieldSet(value) && isFieldSet(earlier)) return changedFields(earlier, value, `${name}.`);
    return JSON.stringify(value) === JSON.stringify(earlier) ? [] : [name];
  });
}

function isFieldSet(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

import type { ExpectedGoal, ExpectedPlayer } from "./expected-player.ts";
import { CHAOS_GOALS, type ChaosStat } from "./goals.ts";

/** A row of user_goal_progress. */
export interface StoredGoal {
  readonly userId: string;
  readonly goalId: string;
  readonly progress: number;
  readonly eventCount: number;
  readonly status: string;
  readonly isActive: boolean;
}

/** What Postgres holds beside what it must hold. */
export interface Comparison {
  /** Distinct events that are in, of those that were acknowledged. */
  readonly applied: number;
  readonly lost: number;
  readonly doubled: number;
  /** Goals that are not as they must be, in words. */
  readonly wrong: readonly string[];
}

/**
 * Compares Postgres with what was acknowledged. Pure.
 *
 * Events are counted per player and stat by the goals on it: the lowest count tells what is lost, the highest what is
 * doubled. Grants are for `compare-grants.ts`.
 */
export function compare(
  expected: ReadonlyMap<string, ExpectedPlayer>,
  stored: readonly StoredGoal[],
): Comparison {
  const rows = new Map(stored.map((row) => [keyOf(row), row]));
  let [applied, lost, doubled] = [0, 0, 0];
  const wrong: string[] = [];
  for (const [userId, player] of expected) {
    for (const [stat, due] of player.events) {
      const off = goalsOf(player, stat).map(
        ([goalId, goal]) =>
          (rows.get(keyOf({ userId, goalId }))?.eventCount ?? 0) - goal.eventCount,
      );
      const missing = Math.max(0, -Math.min(...off));
      applied += due - missing;
      lost += missing;
      doubled += Math.max(0, ...off);
    }
    for (const [goalId, goal] of player.goals) {
      const key = keyOf({ userId, goalId });
      const problem = problemOf(goal, rows.get(key));
      if (problem !== null) wrong.push(`${key} ${problem}`);
    }
  }
  return { applied, lost, doubled, wrong };
}

function goalsOf(player: ExpectedPlayer, stat: ChaosStat): [string, ExpectedGoal][] {
  const ids = CHAOS_GOALS.filter((goal) => goal.stat === stat).map(({ goalId }) => goalId);
  return [...player.goals].filter(([goalId]) => ids.includes(goalId));
}

function problemOf(goal: ExpectedGoal, row: StoredGoal | undefined): string | null {
  if (row === undefined) return goal.eventCount > 0 ? "has no row" : null;
  const [is, should] = [tell(row), tell(goal)];
  return is === should ? null : `is ${is}, should be ${should}`;
}

/** Default goals are active without a row, so only rows tell. */
function tell({
  progress,
  status,
  isActive,
}: Omit<StoredGoal, "userId" | "goalId" | "eventCount">) {
  return `${progress} ${status} ${isActive ? "on" : "off"}`;
}

function keyOf({ userId, goalId }: { readonly userId: string; readonly goalId: string }): string {
  return JSON.stringify([userId, goalId]);
}

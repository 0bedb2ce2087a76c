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

/** A line of reward_grant that was paid. */
export interface StoredGrant {
  readonly userId: string;
  readonly goalId: string;
}

/** What Postgres holds beside what it must hold. */
export interface Comparison {
  /** Distinct events that are in, of those that were acknowledged. */
  readonly applied: number;
  readonly lost: number;
  readonly doubled: number;
  /** Goals that are not as they must be, in words. */
  readonly wrong: readonly string[];
  readonly grants: number;
  /** Second lines for one completion. */
  readonly doubleGrants: number;
}

/**
 * Compares Postgres with what was acknowledged. Pure.
 *
 * Events are counted per player and stat by the goals on it: the lowest count tells what is lost, the highest what is
 * doubled. A claim without its line in the ledger, or a line without its claim, is wrong.
 */
export function compare(
  expected: ReadonlyMap<string, ExpectedPlayer>,
  stored: readonly StoredGoal[],
  paid: readonly StoredGrant[],
): Comparison {
  const rows = new Map(stored.map((row) => [keyOf(row), row]));
  const lines = Map.groupBy(paid, keyOf);
  let [applied, lost, doubled, doubleGrants] = [0, 0, 0, 0];
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
      const paidTimes = lines.get(key)?.length ?? 0;
      doubleGrants += Math.max(0, paidTimes - 1);
      wrong.push(...problemsOf(goal, rows.get(key), paidTimes).map((text) => `${key} ${text}`));
    }
  }
  return { applied, lost, doubled, wrong, grants: paid.length, doubleGrants };
}

function goalsOf(player: ExpectedPlayer, stat: ChaosStat): [string, ExpectedGoal][] {
  const ids = CHAOS_GOALS.filter((goal) => goal.stat === stat).map(({ goalId }) => goalId);
  return [...player.goals].filter(([goalId]) => ids.includes(goalId));
}

function problemsOf(goal: ExpectedGoal, row: StoredGoal | undefined, paidTimes: number): string[] {
  const problems: string[] = [];
  const isPaid = goal.status === "claimed";
  if (isPaid && paidTimes === 0) problems.push("is claimed without a grant");
  if (!isPaid && paidTimes > 0) problems.push("has a grant that nobody claimed");
  if (row === undefined) {
    if (goal.eventCount > 0) problems.push("has no row");
    return problems;
  }
  const [is, should] = [tell(row), tell(goal)];
  if (is !== should) problems.push(`is ${is}, should be ${should}`);
  return problems;
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

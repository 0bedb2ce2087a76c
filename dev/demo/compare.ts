import type { ProgressMode } from "../../src/core/catalog.ts";
import type { Stat } from "./plan.ts";
import { statKey } from "./plan.ts";

/** What a goal counts, from the catalog. */
export interface GoalMeaning extends Stat {
  readonly mode: ProgressMode;
  /** When its period ends, epoch milliseconds; null without rotation. A new period starts from zero. */
  readonly expiresAt: number | null;
}

/** One goal of one player, as the API or Postgres tells it. */
export interface Observed {
  readonly userId: string;
  readonly goalId: string;
  readonly progress: number;
  /** Null where the source does not tell it. */
  readonly eventCount: number | null;
}

/** What was compared, and how much of it differs. */
export interface Comparison {
  /** Distinct events of all players and stats that are in: of several goals on one stat the lowest count. */
  readonly applied: number;
  readonly lost: number;
  readonly doubled: number;
  /** Goals whose progress is not what the events make it. */
  readonly wrongProgress: readonly string[];
}

/**
 * Compares what was acknowledged with what a source says. Pure.
 *
 * `acknowledged`: distinct events by `statKey`. A stat whose goals disagree counts as lost by the lowest and as doubled by
 * the highest of them. A source that tells no event counts can only speak of stats with a goal whose progress counts events.
 */
export function compare(
  acknowledged: ReadonlyMap<string, number>,
  goals: ReadonlyMap<string, GoalMeaning>,
  observed: readonly Observed[],
  now: number,
): Comparison {
  const counts = new Map<string, { low: number; high: number }>();
  const wrongProgress: string[] = [];
  for (const row of observed) {
    const meaning = goals.get(row.goalId);
    if (meaning === undefined) continue;
    const key = statKey(row.userId, meaning);
    const expected = acknowledged.get(key) ?? 0;
    const isComparable = countsEvents(meaning, now);
    const count = row.eventCount ?? (isComparable ? row.progress : expected);
    const known = counts.get(key) ?? { low: count, high: count };
    counts.set(key, { low: Math.min(known.low, count), high: Math.max(known.high, count) });
    if (isComparable && row.progress !== expected) {
      wrongProgress.push(`${row.userId} ${row.goalId}: ${row.progress} instead of ${expected}`);
    }
  }
  let [applied, lost, doubled] = [0, 0, 0];
  for (const [key, expected] of acknowledged) {
    const { low, high } = counts.get(key) ?? { low: 0, high: 0 };
    applied += low;
    lost += Math.max(0, expected - low);
    doubled += Math.max(0, high - expected);
  }
  return { applied, lost, doubled, wrongProgress };
}

/** Days are counted, not events; and a period that ended meanwhile took its count with it. */
function countsEvents({ mode, expiresAt }: GoalMeaning, now: number): boolean {
  return mode !== "days" && (expiresAt === null || now < expiresAt);
}

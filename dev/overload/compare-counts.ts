import type { StoredGoal } from "../chaos/compare.ts";

/** What Postgres holds beside what was acknowledged. */
export interface CountComparison {
  readonly applied: number;
  readonly lost: number;
  readonly doubled: number;
}

/** Compares the counted events of each player with those that were acknowledged: one too few is lost, one too many doubled. Pure. */
export function compareCounts(
  acknowledged: ReadonlyMap<string, number>,
  stored: readonly StoredGoal[],
): CountComparison {
  const counted = new Map(stored.map(({ userId, eventCount }) => [userId, eventCount]));
  let [applied, lost, doubled] = [0, 0, 0];
  for (const userId of new Set([...acknowledged.keys(), ...counted.keys()])) {
    const [due, is] = [acknowledged.get(userId) ?? 0, counted.get(userId) ?? 0];
    applied += Math.min(due, is);
    lost += Math.max(0, due - is);
    doubled += Math.max(0, is - due);
  }
  return { applied, lost, doubled };
}

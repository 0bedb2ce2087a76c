import { inCatalogOrder } from "./assignable-goals.ts";
import type { Catalog, GoalEntry } from "./catalog.ts";
import type { Rows } from "./player.ts";

/**
 * The goals that may look different from how a player without rows sees them, in catalog order.
 *
 * Those are the goals with a row, those with a prerequisite that has one, and those that time alone changes. Found from the
 * rows: the catalog's other goals cost nothing.
 */
export function touchedGoals(catalog: Catalog, rows: Rows): GoalEntry[] {
  const { timed, touchedBy } = indexOf(catalog);
  const touched = new Set(timed);
  for (const goalId of rows.keys()) {
    for (const entry of touchedBy.get(goalId) ?? []) touched.add(entry);
  }
  return inCatalogOrder(touched);
}

/** Whether the goal of a player without rows changes by time alone: its period ends, or its challenge starts. */
export function isTimed({ goal, challenge, rotation }: GoalEntry): boolean {
  return rotation !== null || (goal.defaultAssigned && challenge.startsAtMs !== -Infinity);
}

interface TouchIndex {
  readonly timed: readonly GoalEntry[];
  /** By goal id: the goals that a row of that goal touches. */
  readonly touchedBy: ReadonlyMap<string, readonly GoalEntry[]>;
}

/** Made at the first read of a catalog version, kept as long as the catalog is. */
const indexes = new WeakMap<Catalog, TouchIndex>();

function indexOf(catalog: Catalog): TouchIndex {
  const known = indexes.get(catalog);
  if (known !== undefined) return known;
  const touchedBy = new Map<string, GoalEntry[]>();
  for (const entry of catalog.goals.values()) {
    for (const goalId of [entry.goal.goalId, ...entry.goal.prerequisites]) {
      const touched = touchedBy.get(goalId);
      if (touched === undefined) touchedBy.set(goalId, [entry]);
      else touched.push(entry);
    }
  }
  const index = { timed: [...catalog.goals.values()].filter(isTimed), touchedBy };
  indexes.set(catalog, index);
  return index;
}

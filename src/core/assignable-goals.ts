import type { Catalog, GoalEntry } from "./catalog.ts";
import type { Rows } from "./player.ts";

/**
 * The goals with a row and those assigned by default, in catalog order: no other goal can be active.
 *
 * Found from the rows, so that the many goals that a player never met cost nothing. Rows of goals that the catalog lacks
 * are passed over.
 */
export function assignableGoals(catalog: Catalog, rows: Rows): GoalEntry[] {
  const entries = new Set(catalog.defaultGoals);
  for (const goalId of rows.keys()) {
    const entry = catalog.goals.get(goalId);
    if (entry !== undefined) entries.add(entry);
  }
  return inCatalogOrder(entries);
}

/** The goals in the order of the document, whatever order they were found in. */
export function inCatalogOrder(entries: Iterable<GoalEntry>): GoalEntry[] {
  return [...entries].toSorted((a, b) => a.position - b.position);
}

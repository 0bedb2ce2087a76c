import { catalogChanges } from "../core/catalog-changes.ts";
import type { CatalogDocument } from "../core/catalog.ts";
import type { ActiveCatalog, Catalogs } from "../core/ports.ts";

/** How many players a change to a goal meets. */
interface GoalChange {
  readonly goalId: string;
  readonly inProgress: number;
  readonly unclaimed: number;
}

/** What a publish changes, with the players that it meets. */
export interface ChangeReport {
  readonly added: readonly string[];
  readonly removed: readonly GoalChange[];
  readonly changed: readonly (GoalChange & { readonly fields: readonly string[] })[];
  /** Goals whose progress mode changes. */
  readonly breaking: readonly string[];
}

/** Compares with the active catalog (null: none yet) and counts the players of goals that go or change. */
export async function reportChanges(
  catalogs: Catalogs,
  namespace: string,
  active: ActiveCatalog | null,
  document: CatalogDocument,
): Promise<ChangeReport> {
  const before = active?.catalog.document ?? null;
  const { added, removed, changed, breaking } = catalogChanges(before, document);
  const touched = [...removed, ...changed.map(({ goalId }) => goalId)];
  const usage = touched.length === 0 ? [] : await catalogs.usage(namespace, touched);
  const byGoal = new Map(usage.map((line) => [line.goalId, line]));
  const withPlayers = (goalId: string): GoalChange => ({
    goalId,
    inProgress: byGoal.get(goalId)?.inProgress ?? 0,
    unclaimed: byGoal.get(goalId)?.unclaimed ?? 0,
  });
  return {
    added,
    removed: removed.map(withPlayers),
    changed: changed.map(({ goalId, fields }) => ({
      goalId,
      fields,
      inProgress: withPlayers(goalId).inProgress,
      unclaimed: withPlayers(goalId).unclaimed,
    })),
    breaking,
  };
}

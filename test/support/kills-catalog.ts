import type { Catalog } from "../../src/core/catalog.ts";
import { aCatalog, aGoal } from "./builders.ts";

/** One default goal `kills`: three events of the statistic `kills` complete it. */
export const KILLS: Catalog = aCatalog(
  aGoal({
    goalId: "kills",
    defaultAssigned: true,
    requirement: { progressMode: "count", targetValue: 3 },
  }),
);

/** So many default goals that one event moves all of them; their ids are `goal-0`, `goal-1` and so on. */
export function aWideCatalog(goals: number): Catalog {
  return aCatalog(
    ...Array.from({ length: goals }, (_, index) =>
      aGoal({
        goalId: `goal-${index}`,
        defaultAssigned: true,
        requirement: { progressMode: "count", targetValue: 3 },
      }),
    ),
  );
}

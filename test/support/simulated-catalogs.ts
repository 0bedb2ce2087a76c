import { type Catalog, indexCatalog } from "../../src/core/catalog.ts";
import { aChallenge, aGoal, type GoalWish } from "./builders.ts";

/** Catalogs that follow each other in a simulation: the same four goals, all modes, one of them daily, with other targets. */
export const SIMULATED_CATALOGS: readonly [Catalog, Catalog, Catalog] = [
  catalog(1, {}),
  catalog(2, { requirement: { targetValue: 2 } }),
  catalog(3, { requirement: { targetValue: 6 }, defaultAssigned: false }),
];

function catalog(number: number, change: GoalWish): Catalog {
  const goals = [
    aGoal({ goalId: "kills", defaultAssigned: true, ...mode("count", 3, change) }),
    aGoal({ goalId: "score", ...mode("absolute", 12, {}), prerequisites: [] }),
    aGoal({
      goalId: "daily",
      defaultAssigned: true,
      ...mode("relative", 4, change),
      // The third gives the goal another schedule under living players and open claims.
      rotation: {
        schedule: number === 3 ? "weekly" : "daily",
        onExpiry: { allowReselection: number !== 2 },
      },
    }),
    aGoal({
      goalId: "login",
      eventSource: "login",
      defaultAssigned: true,
      ...mode("days", 1, {}),
      prerequisites: ["kills"],
    }),
  ];
  // Another reward in each: a claim that is resumed from the catalog and not from itself shows.
  const priced = goals.map((goal) => ({ ...goal, reward: { ...goal.reward, quantity: number } }));
  const document = { challenges: [aChallenge({ challengeId: "all", goals: priced })] };
  return indexCatalog(document, String(number).repeat(64));
}

function mode(
  progressMode: "count" | "absolute" | "relative" | "days",
  targetValue: number,
  change: GoalWish,
): GoalWish {
  const statCode = progressMode === "absolute" ? "score" : "kills";
  return {
    ...change,
    requirement: { statCode, targetValue, progressMode, ...change.requirement },
  };
}

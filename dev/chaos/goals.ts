/** What an event can be about. */
export type ChaosStat = "wins" | "score" | "coins" | "login";

/** A goal of the catalog that chaos plays with. */
export interface ChaosGoal {
  readonly goalId: string;
  readonly stat: ChaosStat;
  readonly mode: "count" | "absolute" | "relative";
  readonly target: number;
  /** Active from the start and never switched; the others start inactive and are switched on and off. */
  readonly isDefault: boolean;
}

const CHAOS_CHALLENGE = "chaos";

/** Out of reach of any run. */
const FAR = 1_000_000;

/**
 * Every stat has a goal that counts all its events, so that one lost or doubled shows. No rotation and no days: nothing but
 * events, switches and claims changes a player, and what must be there can be told in a few lines (`expected-player.ts`).
 */
export const CHAOS_GOALS: readonly ChaosGoal[] = [
  goal("wins-2", "wins", "count", 2),
  goal("wins-6", "wins", "count", 6),
  goal("wins-15", "wins", "count", 15),
  goal("wins-40", "wins", "count", 40),
  goal("all-wins", "wins", "count", FAR),
  goal("best-score", "score", "absolute", FAR),
  goal("score-gain", "score", "relative", 300),
  goal("all-coins", "coins", "absolute", FAR),
  goal("coins-gain", "coins", "relative", 60),
  goal("logins", "login", "count", 3),
  goal("all-logins", "login", "count", FAR),
  { ...goal("wins-while-on", "wins", "count", 8), isDefault: false },
  { ...goal("coins-while-on", "coins", "absolute", 40), isDefault: false },
];

function goal(goalId: string, stat: ChaosStat, mode: ChaosGoal["mode"], target: number): ChaosGoal {
  return { goalId, stat, mode, target, isDefault: true };
}

/** The address of what a player can do with a goal: `active`, `claim`. */
export function goalPath(goalId: string, action: string): string {
  return `/v1/challenges/${CHAOS_CHALLENGE}/goals/${goalId}/${action}`;
}

/** The goals as a catalog document. */
export function chaosCatalog(): object {
  const goals = CHAOS_GOALS.map(({ goalId, stat, mode, target, isDefault }) => ({
    goalId,
    name: goalId,
    description: "",
    eventSource: stat === "login" ? "login" : "statistic",
    defaultAssigned: isDefault,
    requirement: { statCode: stat, operator: ">=", targetValue: target, progressMode: mode },
    reward: { type: "WALLET", rewardId: "GOLD", quantity: 1 },
  }));
  const challenge = { challengeId: CHAOS_CHALLENGE, name: "Chaos", description: "", goals };
  return { challenges: [challenge] };
}

import * as z from "zod";

/** What the choice needs of GET /v1/challenges. */
export const SHOWN_CHALLENGES = z.object({
  challenges: z.array(
    z.object({
      challengeId: z.string(),
      startsAt: z.string().nullable(),
      endsAt: z.string().nullable(),
      goals: z.array(
        z.object({
          goalId: z.string(),
          name: z.string(),
          eventSource: z.enum(["login", "statistic"]),
          requirement: z.object({
            statCode: z.string(),
            targetValue: z.number(),
            progressMode: z.enum(["absolute", "relative", "count", "days"]),
          }),
          isActive: z.boolean(),
          locked: z.boolean(),
        }),
      ),
    }),
  ),
});

export type ShownChallenge = z.infer<typeof SHOWN_CHALLENGES>["challenges"][number];
type ShownGoal = ShownChallenge["goals"][number];

/** A goal that shows something with one event. */
export interface DemoGoal {
  readonly challengeId: string;
  readonly goalId: string;
  readonly name: string;
  readonly isActive: boolean;
  /** Whether the event completes the goal for a player who has done nothing yet; else it only moves it. */
  readonly completes: boolean;
  /** The event without id and user. */
  readonly event: Readonly<Record<string, string | number>>;
}

/**
 * The goal that a new player gets furthest with by one event, or null when no challenge is open.
 *
 * An active goal that the event completes is best; then one to be activated first; then one that only moves.
 * Pure; `challenges` is what a player without any history sees, `nowMs` is epoch milliseconds.
 */
export function chooseDemoGoal(
  challenges: readonly ShownChallenge[],
  nowMs: number,
): DemoGoal | null {
  const candidates = challenges
    .filter((challenge) => isOpen(challenge, nowMs))
    .flatMap(({ challengeId, goals }) =>
      goals.filter((goal) => !goal.locked).map((goal) => describe(challengeId, goal)),
    );
  const ranked = candidates.toSorted((a, b) => rank(b) - rank(a));
  return ranked[0] ?? null;
}

function isOpen({ startsAt, endsAt }: ShownChallenge, nowMs: number): boolean {
  const started = startsAt === null || Date.parse(startsAt) <= nowMs;
  return started && (endsAt === null || nowMs < Date.parse(endsAt));
}

function describe(challengeId: string, goal: ShownGoal): DemoGoal {
  const { statCode, targetValue, progressMode } = goal.requirement;
  const isLogin = goal.eventSource === "login";
  const takesValue = !isLogin && (progressMode === "absolute" || progressMode === "relative");
  return {
    challengeId,
    goalId: goal.goalId,
    name: goal.name,
    isActive: goal.isActive,
    completes: takesValue || targetValue <= 1,
    event: isLogin
      ? { type: "login" }
      : // A first value that is all increment sets the baseline of `relative` to 0, so the target is reached at once.
        { type: "statistic", statCode, latestValue: targetValue, inc: targetValue },
  };
}

function rank({ completes, isActive }: DemoGoal): number {
  return (completes ? 2 : 0) + (isActive ? 1 : 0);
}

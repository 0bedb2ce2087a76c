import * as z from "zod";

import type { ExpectedGoal, ExpectedPlayer } from "./expected-player.ts";

const PROGRESS = z.object({
  goals: z.array(
    z.object({
      goalId: z.string(),
      progress: z.number(),
      status: z.string(),
      isActive: z.boolean(),
    }),
  ),
});

/** A goal as GET /v1/progress shows it. */
export type ShownGoal = z.infer<typeof PROGRESS>["goals"][number];

/** Reads the answer of GET /v1/progress. Throws a ZodError when it is none. */
export function shownGoals(body: unknown): ShownGoal[] {
  return PROGRESS.parse(body).goals;
}

/** What the answer says otherwise than it must, goal by goal. Pure. */
export function differences(expected: ExpectedPlayer, shown: readonly ShownGoal[]): string[] {
  const byId = new Map(shown.map((goal) => [goal.goalId, goal]));
  return [...expected.goals].flatMap(([goalId, goal]) => {
    const found = byId.get(goalId);
    if (found === undefined) {
      const isHidden = !goal.isActive && goal.eventCount === 0;
      return isHidden ? [] : [`${goalId} is missing, should be ${tell(goal)}`];
    }
    const [is, should] = [tell(found), tell(goal)];
    return is === should ? [] : [`${goalId} is ${is}, should be ${should}`];
  });
}

function tell({
  progress,
  status,
  isActive,
}: Pick<ExpectedGoal, "progress" | "isActive"> & { readonly status: string }): string {
  return `${progress} ${status}${isActive ? "" : " (off)"}`;
}

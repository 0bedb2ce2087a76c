import * as z from "zod";

import { StackProblem } from "../stack-problem.ts";
import { inParallel } from "./in-parallel.ts";
import type { PatientClient } from "./patient-client.ts";
import type { TokenHolder } from "./prepare-players.ts";

/** A player's goals as the API shows them. */
export const PROGRESS = z.object({
  goals: z.array(
    z.object({
      challengeId: z.string(),
      goalId: z.string(),
      progress: z.number(),
      status: z.enum(["not_started", "in_progress", "completed", "claimed"]),
      isActive: z.boolean(),
      locked: z.boolean(),
    }),
  ),
});

/** What claiming came to. */
export interface Claims {
  readonly claimed: number;
  /** Claims that were answered "pending": the reward service took its time. */
  readonly pending: number;
  /** Second claims of one completion that were answered as if they were first: must be 0. */
  readonly paidTwice: number;
}

/** Claims every completed goal of every player, each twice: the second time must be refused. */
export async function claimCompleted(
  client: PatientClient,
  players: readonly TokenHolder[],
): Promise<Claims> {
  let [claimed, pending, paidTwice] = [0, 0, 0];
  await inParallel(players, async ({ token }) => {
    const answer = await client.send({ method: "GET", path: "/v1/progress", credential: token });
    const { goals } = PROGRESS.parse(answer.body);
    for (const goal of goals) {
      if (goal.status !== "completed" || goal.locked || !goal.isActive) continue;
      const path = claimPath(goal.challengeId, goal.goalId);
      const first = await client.send({ method: "POST", path, credential: token });
      if (first.status === 202) pending++;
      // 409: the stack went away after it had claimed, and the request was sent again.
      else if (first.status === 200 || first.status === 409) claimed++;
      else throw new StackProblem(`${path} was answered ${JSON.stringify(first)}`);
      const second = await client.send({ method: "POST", path, credential: token });
      if (second.status === 200) paidTwice++;
    }
  });
  return { claimed, pending, paidTwice };
}

function claimPath(challengeId: string, goalId: string): string {
  const [challenge, goal] = [encodeURIComponent(challengeId), encodeURIComponent(goalId)];
  return `/v1/challenges/${challenge}/goals/${goal}/claim`;
}

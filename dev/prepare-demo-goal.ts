import { chooseDemoGoal, SHOWN_CHALLENGES, type DemoGoal } from "./demo-goal.ts";
import { callApi } from "./local-api.ts";
import { StackProblem } from "./stack-problem.ts";

/**
 * Chooses what the banner shows to a new player, and activates it where the catalog has no fitting default goal.
 *
 * Throws StackProblem when the Worker does not answer as agreed.
 */
export async function prepareDemoGoal(
  baseUrl: string,
  playerToken: string,
  nowMs: number,
): Promise<DemoGoal | null> {
  const { challenges } = SHOWN_CHALLENGES.parse(
    await call(`${baseUrl}/v1/challenges`, { credential: playerToken }),
  );
  const goal = chooseDemoGoal(challenges, nowMs);
  if (goal === null || goal.isActive) return goal;
  const path = [goal.challengeId, "goals", goal.goalId].map(encodeURIComponent).join("/");
  await call(`${baseUrl}/v1/challenges/${path}/active`, {
    method: "PUT",
    credential: playerToken,
    body: { isActive: true },
  });
  return goal;
}

async function call(url: string, options: Parameters<typeof callApi>[1]): Promise<unknown> {
  const answer = await callApi(url, options);
  if (answer.ok) return answer.document;
  const { code, detail } = answer.problem;
  throw new StackProblem(`${url} answered ${answer.status} ${code}: ${detail}`);
}

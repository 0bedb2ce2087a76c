import { assignedGoals } from "../core/player-goals.ts";
import { jsonResponse } from "./json-response.ts";
import { viewOptionsNow } from "./player-document.ts";
import type { CommandAnswerOf } from "./run-command.ts";
import type { Services } from "./services.ts";

/** What a selection answers: the selected goals as they really stand, and how many of the challenge's are active now. */
export function selectionResponse(
  services: Services,
  { result, view, catalog }: CommandAnswerOf<"select">,
): Response {
  const { challengeId, goalIds, replaced } = result;
  const active = assignedGoals(catalog, view.rows, viewOptionsNow(services)).filter(
    (goal) => goal.challengeId === challengeId,
  );
  const byId = new Map(active.map((goal) => [goal.goalId, goal]));
  return jsonResponse({
    // In the order of the selection. A repeat may find that one of them was deactivated since.
    selectedGoals: goalIds.flatMap((goalId) => byId.get(goalId) ?? []),
    challengeId,
    totalActiveGoals: active.length,
    replacedGoals: replaced,
  });
}

import * as z from "zod";

import { formatInstant } from "../../core/instant.ts";
import { COMMAND_BODY_BYTES_MAX } from "../../core/limits.ts";
import { playerAccess } from "../auth/access.ts";
import { jsonBody } from "../body.ts";
import { defineRoute } from "../define-route.ts";
import { jsonResponse } from "../json-response.ts";
import { noQuery } from "../query.ts";
import { runCommand } from "../run-command.ts";

/** Activates or deactivates one goal; progress and status stay. */
export const setGoalActive = defineRoute({
  method: "PUT",
  path: "/v1/challenges/:challengeId/goals/:goalId/active",
  access: playerAccess,
  query: noQuery,
  body: jsonBody(
    z.object({ isActive: z.boolean("is required and must be true or false") }, "must be an object"),
    COMMAND_BODY_BYTES_MAX,
  ),
  handle: async (handling) => {
    const challengeId = handling.param("challengeId");
    const goalId = handling.param("goalId");
    const { isActive } = handling.body;
    const command = { kind: "activate", challengeId, goalId, isActive } as const;
    const { result } = await runCommand(handling, handling.caller, command, "activate");
    return jsonResponse({
      challengeId: result.challengeId,
      goalId: result.goalId,
      isActive: result.isActive,
      assignedAt: formatInstant(result.assignedAt),
      message: `Goal ${result.goalId} is ${result.isActive ? "active" : "not active"}.`,
    });
  },
});

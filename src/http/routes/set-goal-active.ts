import * as z from "zod";

import { FailureError } from "../../core/errors.ts";
import { formatInstant } from "../../core/instant.ts";
import { COMMAND_BODY_BYTES_MAX } from "../../core/limits.ts";
import { playerAccess } from "../auth/access.ts";
import { jsonBody } from "../body.ts";
import { commandIdOf } from "../command-id.ts";
import { defineRoute } from "../define-route.ts";
import { jsonResponse } from "../json-response.ts";
import { pointerTo } from "../player-document.ts";
import { noQuery } from "../query.ts";

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
    const { services, caller, body } = handling;
    const commandId = commandIdOf(handling);
    const { catalog, seq } = await services.catalogs.active(caller.namespace);
    const outcome = await services.players.command(
      caller,
      {
        kind: "activate",
        challengeId: handling.param("challengeId"),
        goalId: handling.param("goalId"),
        isActive: body.isActive,
      },
      commandId,
      pointerTo(catalog, seq),
    );
    if (!outcome.ok) throw new FailureError(outcome.failure);
    const { result } = outcome.value;
    if (result.kind !== "activate") throw new Error(`activate was answered as ${result.kind}`);
    return jsonResponse({
      challengeId: result.challengeId,
      goalId: result.goalId,
      isActive: result.isActive,
      assignedAt: formatInstant(result.assignedAt),
      message: `Goal ${result.goalId} is ${result.isActive ? "active" : "not active"}.`,
    });
  },
});

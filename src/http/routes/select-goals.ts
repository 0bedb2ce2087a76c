import * as z from "zod";

import { identifierRule, isIdentifier } from "../../core/identifier.ts";
import { COMMAND_BODY_BYTES_MAX, ID_LENGTH_MAX, SELECT_GOALS_MAX } from "../../core/limits.ts";
import { playerAccess } from "../auth/access.ts";
import { jsonBody } from "../body.ts";
import { defineRoute } from "../define-route.ts";
import { noQuery } from "../query.ts";
import { runCommand } from "../run-command.ts";
import { selectionResponse } from "../selection-response.ts";

const goalIds = z
  .array(
    z.string("must be text").refine((id) => isIdentifier(id, ID_LENGTH_MAX), {
      message: identifierRule(ID_LENGTH_MAX),
    }),
    "is required and must be an array of goal ids",
  )
  .min(1, "must name at least one goal")
  .max(SELECT_GOALS_MAX, `must name at most ${SELECT_GOALS_MAX} goals`);

/** Activates the named goals of one challenge, all or none. */
export const selectGoals = defineRoute({
  method: "POST",
  path: "/v1/challenges/:challengeId/goals/batch-select",
  access: playerAccess,
  query: noQuery,
  body: jsonBody(
    z.object(
      { goalIds, replaceExisting: z.boolean("must be true or false").nullish() },
      "must be an object",
    ),
    COMMAND_BODY_BYTES_MAX,
  ),
  handle: async (handling) => {
    const { services, caller, body } = handling;
    const command = {
      kind: "batch-select",
      challengeId: handling.param("challengeId"),
      goalIds: body.goalIds,
      replaceExisting: body.replaceExisting ?? false,
    } as const;
    return selectionResponse(services, await runCommand(handling, caller, command, "select"));
  },
});

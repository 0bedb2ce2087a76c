import * as z from "zod";

import { COMMAND_BODY_BYTES_MAX, SELECT_GOALS_MAX } from "../../core/limits.ts";
import { playerAccess } from "../auth/access.ts";
import { jsonBody } from "../body.ts";
import { defineRoute } from "../define-route.ts";
import { noQuery } from "../query.ts";
import { runCommand } from "../run-command.ts";
import { selectionResponse } from "../selection-response.ts";

const flag = z.boolean("must be true or false").nullish();
const count = z
  .int("is required and must be a whole number")
  .min(1, "must be at least 1")
  .max(SELECT_GOALS_MAX, `must be at most ${SELECT_GOALS_MAX}`);

/** Activates goals of one challenge that are drawn at random among those that the player can still do. */
export const drawGoals = defineRoute({
  method: "POST",
  path: "/v1/challenges/:challengeId/goals/random-select",
  access: playerAccess,
  query: noQuery,
  body: jsonBody(
    z.object({ count, replaceExisting: flag, excludeActive: flag }, "must be an object"),
    COMMAND_BODY_BYTES_MAX,
  ),
  handle: async (handling) => {
    const { services, caller, body } = handling;
    const command = {
      kind: "random-select",
      challengeId: handling.param("challengeId"),
      count: body.count,
      replaceExisting: body.replaceExisting ?? false,
      excludeActive: body.excludeActive ?? false,
    } as const;
    return selectionResponse(services, await runCommand(handling, caller, command, "select"));
  },
});

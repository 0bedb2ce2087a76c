import * as z from "zod";

import { formatInstant } from "../../core/instant.ts";
import { COMMAND_BODY_BYTES_MAX } from "../../core/limits.ts";
import { playerAccess } from "../auth/access.ts";
import { optionalJsonBody } from "../body.ts";
import { defineRoute } from "../define-route.ts";
import { jsonResponse } from "../json-response.ts";
import { noQuery } from "../query.ts";
import { runCommand } from "../run-command.ts";

/** Claims a completed goal's reward: 200 when it is paid, 202 while the shard goes on trying. */
export const claimReward = defineRoute({
  method: "POST",
  path: "/v1/challenges/:challengeId/goals/:goalId/claim",
  access: playerAccess,
  query: noQuery,
  // The suite's clients send {}; there is nothing in it to read.
  body: optionalJsonBody(z.object({}, "must be an object"), COMMAND_BODY_BYTES_MAX),
  handle: async (handling) => {
    const challengeId = handling.param("challengeId");
    const goalId = handling.param("goalId");
    const command = { kind: "claim", challengeId, goalId } as const;
    const { result } = await runCommand(handling, handling.caller, command, "claim");
    const { status, period, reward, claimedAt, grantId } = result;
    return jsonResponse(
      { goalId, status, period, reward, claimedAt: formatInstant(claimedAt), grantId },
      { status: status === "claimed" ? 200 : 202 },
    );
  },
});

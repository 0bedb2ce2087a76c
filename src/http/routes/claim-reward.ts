import * as z from "zod";

import { FailureError } from "../../core/errors.ts";
import { formatInstant } from "../../core/instant.ts";
import { COMMAND_BODY_BYTES_MAX } from "../../core/limits.ts";
import { playerAccess } from "../auth/access.ts";
import { optionalJsonBody } from "../body.ts";
import { commandIdOf } from "../command-id.ts";
import { defineRoute } from "../define-route.ts";
import { jsonResponse } from "../json-response.ts";
import { pointerTo } from "../player-document.ts";
import { noQuery } from "../query.ts";

/** Claims a completed goal's reward: 200 when it is paid, 202 while the shard goes on trying. */
export const claimReward = defineRoute({
  method: "POST",
  path: "/v1/challenges/:challengeId/goals/:goalId/claim",
  access: playerAccess,
  query: noQuery,
  // The suite's clients send {}; there is nothing in it to read.
  body: optionalJsonBody(z.object({}, "must be an object"), COMMAND_BODY_BYTES_MAX),
  handle: async (handling) => {
    const { services, caller } = handling;
    const commandId = commandIdOf(handling);
    const { catalog, seq } = await services.catalogs.active(caller.namespace);
    const outcome = await services.players.command(
      caller,
      {
        kind: "claim",
        challengeId: handling.param("challengeId"),
        goalId: handling.param("goalId"),
      },
      commandId,
      pointerTo(catalog, seq),
    );
    if (!outcome.ok) throw new FailureError(outcome.failure);
    const { result } = outcome.value;
    if (result.kind !== "claim") throw new Error(`claim was answered as ${result.kind}`);
    const { goalId, status, period, reward, claimedAt, grantId } = result;
    return jsonResponse(
      { goalId, status, period, reward, claimedAt: formatInstant(claimedAt), grantId },
      { status: status === "claimed" ? 200 : 202 },
    );
  },
});

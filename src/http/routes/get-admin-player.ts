import { FailureError } from "../../core/errors.ts";
import { identifierRule, isIdentifier } from "../../core/identifier.ts";
import { ID_LENGTH_MAX } from "../../core/limits.ts";
import { allProgressLines } from "../../core/player-goals.ts";
import { serverAccess } from "../auth/access.ts";
import { noBody } from "../body.ts";
import { defineRoute } from "../define-route.ts";
import { jsonResponse } from "../json-response.ts";
import { pointerTo } from "../player-document.ts";
import { noQuery } from "../query.ts";

/** One player for an operator: every stored row, and the grants in the ledger (which lag by a flush). */
export const getAdminPlayer = defineRoute({
  method: "GET",
  path: "/v1/admin/players/:userId",
  access: serverAccess("players:read"),
  query: noQuery,
  body: noBody,
  handle: async ({ services, caller, param }) => {
    const userId = checkUserId(param("userId"));
    const player = { namespace: caller.namespace, userId };
    const { catalog, seq } = await services.catalogs.active(caller.namespace);
    const [view, grants] = await Promise.all([
      services.players.view(player, pointerTo(catalog, seq)),
      services.grants.ofPlayer(player),
    ]);
    return jsonResponse({
      userId,
      goals: allProgressLines(catalog, view.rows, services.clock.now()),
      grants: grants.map(({ grantId, goalId, period, state, attempts, lastError }) => ({
        grantId,
        goalId,
        period,
        state,
        attempts,
        lastError,
      })),
    });
  },
});

function checkUserId(userId: string): string {
  if (isIdentifier(userId, ID_LENGTH_MAX)) return userId;
  const message = identifierRule(ID_LENGTH_MAX);
  throw new FailureError({
    code: "INVALID_REQUEST",
    detail: `The user id ${message}.`,
    errors: [{ path: "path.userId", message }],
  });
}

import { serverAccess } from "../auth/access.ts";
import { noBody } from "../body.ts";
import { defineRoute } from "../define-route.ts";
import { erasePlayer as erase } from "../erase-player.ts";
import { noQuery } from "../query.ts";
import { userIdOf } from "../user-id.ts";

/** Erases a player on an operator's behalf. */
export const erasePlayer = defineRoute({
  method: "DELETE",
  path: "/v1/admin/players/:userId",
  access: serverAccess("players:write"),
  query: noQuery,
  body: noBody,
  handle: async (handling) => {
    const { namespace } = handling.caller;
    return erase(handling, { namespace, userId: userIdOf(handling.param) });
  },
});

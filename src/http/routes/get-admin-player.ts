import { serverAccess } from "../auth/access.ts";
import { noBody } from "../body.ts";
import { defineRoute } from "../define-route.ts";
import { jsonResponse } from "../json-response.ts";
import { readRecord } from "../player-record.ts";
import { noQuery } from "../query.ts";
import { userIdOf } from "../user-id.ts";

/** One player for an operator: every stored row, and the grants in the ledger (which lag by a flush). */
export const getAdminPlayer = defineRoute({
  method: "GET",
  path: "/v1/admin/players/:userId",
  access: serverAccess("players:read"),
  query: noQuery,
  body: noBody,
  handle: async (call) => {
    const player = { namespace: call.caller.namespace, userId: userIdOf(call.param) };
    return jsonResponse(await readRecord(call, player));
  },
});

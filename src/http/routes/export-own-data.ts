import { formatInstant } from "../../core/instant.ts";
import { playerAccess } from "../auth/access.ts";
import { noBody } from "../body.ts";
import { defineRoute } from "../define-route.ts";
import { jsonResponse } from "../json-response.ts";
import { readRecord } from "../player-record.ts";
import { noQuery } from "../query.ts";

/** Everything that is kept of the player who asks. */
export const exportOwnData = defineRoute({
  method: "GET",
  path: "/v1/users/me/data",
  access: playerAccess,
  query: noQuery,
  body: noBody,
  handle: async (call) => {
    const { userId, goals, grants } = await readRecord(call, call.caller);
    const exportedAt = formatInstant(call.services.clock.now());
    return jsonResponse({ userId, exportedAt, goals, grants });
  },
});

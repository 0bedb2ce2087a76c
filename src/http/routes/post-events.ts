import * as z from "zod";

import { FailureError } from "../../core/errors.ts";
import { EVENTS_BODY_BYTES_MAX } from "../../core/limits.ts";
import { serverAccess } from "../auth/access.ts";
import { uncheckedJsonBody } from "../body.ts";
import { defineRoute } from "../define-route.ts";
import { eventsOfBody } from "../events-body.ts";
import { jsonResponse } from "../json-response.ts";
import { pointerTo } from "../player-document.ts";
import { countResults, submitEvents, totalRefusal } from "../submit-events.ts";

/** Takes what players did, one event or a batch. 202 says of each event what became of it. */
export const postEvents = defineRoute({
  method: "POST",
  path: "/v1/events",
  access: serverAccess("events:write"),
  query: z.object({ results: z.literal("all", "must be all").optional() }),
  body: uncheckedJsonBody(EVENTS_BODY_BYTES_MAX),
  handle: async ({ services, caller, query, body, exchange }) => {
    const { namespace } = caller;
    const items = eventsOfBody(body);
    let invalid = items.length;
    const results = await submitEvents(items, async (events) => {
      invalid -= events.length;
      const { catalog, seq } = await services.catalogs.active(namespace);
      const pointer = pointerTo(catalog, seq);
      return services.players.submitEvents(namespace, events, pointer, exchange);
    });
    services.tally.noteInvalidEvents(invalid);
    const refusal = totalRefusal(results);
    if (refusal !== null) {
      throw new FailureError({
        code: refusal,
        detail: "None of the events was taken; send them again under the same ids.",
      });
    }
    const listed =
      query.results === "all" ? results : results.filter(({ status }) => status !== "accepted");
    return jsonResponse({ ...countResults(results), results: listed }, { status: 202 });
  },
});

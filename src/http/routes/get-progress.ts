import { formatInstant } from "../../core/instant.ts";
import { progressLines } from "../../core/player-goals.ts";
import { playerAccess } from "../auth/access.ts";
import { noBody } from "../body.ts";
import { defineRoute } from "../define-route.ts";
import { playerDocumentResponse, readPlayer } from "../player-document.ts";
import { noQuery } from "../query.ts";

/** This player's active goals and rows, without the definitions: the cheap way to poll. */
export const getProgress = defineRoute({
  method: "GET",
  path: "/v1/progress",
  access: playerAccess,
  query: noQuery,
  body: noBody,
  handle: async (handling) => {
    const reading = await readPlayer(handling);
    const { catalog, view, options } = reading;
    return playerDocumentResponse(handling, reading, () =>
      JSON.stringify({
        catalogVersion: catalog.version,
        serverTime: formatInstant(options.now),
        goals: progressLines(catalog, view.rows, options),
      }),
    );
  },
});

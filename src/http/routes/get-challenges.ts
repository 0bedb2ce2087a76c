import * as z from "zod";

import { challengesDocument } from "../../core/view.ts";
import { playerAccess } from "../auth/access.ts";
import { noBody } from "../body.ts";
import { defineRoute } from "../define-route.ts";
import { playerDocumentResponse, readPlayer } from "../player-document.ts";
import { queryFlag } from "../query.ts";

/** All challenges with their goals and this player's progress. */
export const getChallenges = defineRoute({
  method: "GET",
  path: "/v1/challenges",
  access: playerAccess,
  query: z.object({
    active_only: queryFlag,
    include: z.literal("upcoming", "must be upcoming").optional(),
  }),
  body: noBody,
  handle: async (handling) => {
    const reading = await readPlayer(handling, {
      activeOnly: handling.query.active_only,
      includeUpcoming: handling.query.include === "upcoming",
    });
    const { catalog, view, options } = reading;
    return playerDocumentResponse(handling, reading, () =>
      challengesDocument(catalog, view.rows, options),
    );
  },
});

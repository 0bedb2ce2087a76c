import { FailureError } from "../../core/errors.ts";
import { challengeDocument } from "../../core/view.ts";
import { playerAccess } from "../auth/access.ts";
import { noBody } from "../body.ts";
import { defineRoute } from "../define-route.ts";
import { playerDocumentResponse, readPlayer } from "../player-document.ts";
import { noQuery } from "../query.ts";

/** One challenge with its goals and this player's progress. */
export const getChallenge = defineRoute({
  method: "GET",
  path: "/v1/challenges/:challengeId",
  access: playerAccess,
  query: noQuery,
  body: noBody,
  handle: async (handling) => {
    const challengeId = handling.param("challengeId");
    const reading = await readPlayer(handling);
    const { catalog, view, options } = reading;
    const document = challengeDocument(catalog, challengeId, view.rows, options);
    if (document === null) {
      const detail = `There is no challenge ${challengeId}.`;
      throw new FailureError({ code: "CHALLENGE_NOT_FOUND", detail });
    }
    return playerDocumentResponse(handling, reading, () => document);
  },
});

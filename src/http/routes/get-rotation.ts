import { FailureError } from "../../core/errors.ts";
import { rotationDocument } from "../../core/rotation-view.ts";
import { isShown } from "../../core/view.ts";
import { playerAccess } from "../auth/access.ts";
import { noBody } from "../body.ts";
import { defineRoute } from "../define-route.ts";
import { jsonResponse } from "../json-response.ts";
import { viewOptionsNow } from "../player-document.ts";
import { noQuery } from "../query.ts";

/** The current and the next period of a challenge's goals. */
export const getRotation = defineRoute({
  method: "GET",
  path: "/v1/challenges/:challengeId/rotation",
  access: playerAccess,
  query: noQuery,
  body: noBody,
  handle: async ({ services, caller, param }) => {
    const challengeId = param("challengeId");
    const { catalog } = await services.catalogs.active(caller.namespace);
    const options = viewOptionsNow(services);
    const challenge = catalog.challenges.get(challengeId);
    if (challenge === undefined || !isShown(challenge, options)) {
      const detail = `There is no challenge ${challengeId}.`;
      throw new FailureError({ code: "CHALLENGE_NOT_FOUND", detail });
    }
    return jsonResponse(rotationDocument(challenge, options.now));
  },
});

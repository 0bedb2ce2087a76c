import { serverAccess } from "../auth/access.ts";
import { noBody } from "../body.ts";
import { defineRoute } from "../define-route.ts";
import { findOpenLetter, letterState, settledAlready } from "../find-letter.ts";
import { jsonResponse } from "../json-response.ts";
import { noQuery } from "../query.ts";

/** Gives a letter up: its operations never count, and its content is gone. */
export const discardDeadLetter = defineRoute({
  method: "POST",
  path: "/v1/admin/dead-letters/:letterId/discard",
  access: serverAccess("operator"),
  query: noQuery,
  body: noBody,
  handle: async ({ services, param }) => {
    const { id } = await findOpenLetter(services, param);
    if (!(await services.deadLetters.settle(id, "discarded"))) {
      throw settledAlready(await letterState(services, id));
    }
    return jsonResponse({ id, state: "discarded" });
  },
});

import { FailureError } from "../../core/errors.ts";
import { serverAccess } from "../auth/access.ts";
import { noBody } from "../body.ts";
import { defineRoute } from "../define-route.ts";
import { findOpenLetter, letterState } from "../find-letter.ts";
import { jsonResponse } from "../json-response.ts";
import { pointerTo } from "../player-document.ts";
import { noQuery } from "../query.ts";

/**
 * Puts a letter's operations to its player once more, as new operations; each is taken once, however often this is asked.
 *
 * The letter is retried when none of them was refused; otherwise it stays open. One that another operator settled meanwhile
 * is as that operator left it, whatever was taken.
 */
export const retryDeadLetter = defineRoute({
  method: "POST",
  path: "/v1/admin/dead-letters/:letterId/retry",
  access: serverAccess("operator"),
  query: noQuery,
  body: noBody,
  handle: async ({ services, exchange, param }) => {
    const { id, player, operations } = await findOpenLetter(services, param);
    const { catalog, seq } = await services.catalogs.active(player.namespace);
    const pointer = pointerTo(catalog, seq);
    const letter = { id, player, operations };
    const outcome = await services.players.retryLetter(letter, pointer, exchange);
    if (!outcome.ok) throw new FailureError(outcome.failure);
    const kinds = new Map(operations.map((each) => [each.position, each.operation.kind]));
    const results = outcome.value.map((result) => ({
      ...result,
      kind: kinds.get(result.position),
    }));
    const isDone = outcome.value.every(({ status }) => status !== "refused");
    const isSettled = isDone && (await services.deadLetters.settle(id, "retried"));
    const state = isSettled ? "retried" : await letterState(services, id);
    return jsonResponse({ id, state, operations: results });
  },
});

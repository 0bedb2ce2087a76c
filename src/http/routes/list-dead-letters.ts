import * as z from "zod";

import type { DeadLetter } from "../../core/dead-letters.ts";
import { formatInstant } from "../../core/instant.ts";
import { DEAD_LETTERS_PER_PAGE_MAX, LETTER_OPERATIONS_SHOWN_MAX } from "../../core/limits.ts";
import { serverAccess } from "../auth/access.ts";
import { noBody } from "../body.ts";
import { defineRoute } from "../define-route.ts";
import { jsonResponse } from "../json-response.ts";

/** What Postgres, or the rules, refused, of all namespaces, the oldest first, a page at a time. */
export const listDeadLetters = defineRoute({
  method: "GET",
  path: "/v1/admin/dead-letters",
  access: serverAccess("operator"),
  query: z.object({
    state: z
      .enum(["open", "retried", "discarded", "all"], "must be open, retried, discarded or all")
      .default("open"),
    after: z
      .string()
      .regex(/^\d{1,15}$/, "must be the `next` of a page before")
      .default("0")
      .transform(Number),
  }),
  body: noBody,
  handle: async ({ services, query }) => {
    const state = query.state === "all" ? null : query.state;
    const count = DEAD_LETTERS_PER_PAGE_MAX;
    const letters = await services.deadLetters.list({ state, after: query.after, count });
    const next = letters.length === count ? (letters.at(-1)?.id ?? null) : null;
    return jsonResponse({ deadLetters: letters.map(letterShape), next });
  },
});

function letterShape({ player, operations, createdAt, settledAt, ...letter }: DeadLetter) {
  const shown = operations.slice(0, LETTER_OPERATIONS_SHOWN_MAX);
  return {
    id: letter.id,
    shard: letter.shard,
    namespace: player.namespace,
    // Empty once the player is erased.
    userId: player.userId === "" ? null : player.userId,
    state: letter.state,
    createdAt: formatInstant(createdAt),
    settledAt: formatInstant(settledAt),
    error: letter.error,
    operationCount: operations.length,
    operations: shown.map(({ position, at, catalog, operation }) => ({
      position,
      at: formatInstant(at),
      catalogVersion: catalog.version,
      operation,
    })),
  };
}

import * as z from "zod";

import { GRANTS_PER_PAGE_MAX } from "../../core/limits.ts";
import type { GrantState } from "../../core/player.ts";
import { serverAccess } from "../auth/access.ts";
import { noBody } from "../body.ts";
import { defineRoute } from "../define-route.ts";
import { grantShape } from "../grant-shape.ts";
import { jsonResponse } from "../json-response.ts";

const STATES = ["pending", "parked", "granted", "rejected", "cancelled"] as const;
const rule = `must be among ${STATES.join(", ")}, separated by commas`;

/** What nobody said yes or no to is what there is to repair. */
const UNSETTLED: readonly GrantState[] = ["pending", "parked"];

/** The ledger of the caller's namespace, a page at a time; a line shows at most a flush later. */
export const listGrants = defineRoute({
  method: "GET",
  path: "/v1/admin/grants",
  access: serverAccess("players:read"),
  query: z.object({
    state: z
      .string()
      .transform((list) => list.split(","))
      .pipe(z.array(z.enum(STATES, rule), rule))
      .default([...UNSETTLED]),
    after: z
      .string()
      .regex(/^[0-9a-f]{64}$/, "must be the `next` of a page before")
      .optional(),
  }),
  body: noBody,
  handle: async ({ services, caller, query }) => {
    const page = { states: query.state, after: query.after ?? null, count: GRANTS_PER_PAGE_MAX };
    const found = await services.grants.list(caller.namespace, page);
    const grants = found.map(({ line, userId }) => grantShape(line, userId));
    const isFull = found.length === GRANTS_PER_PAGE_MAX;
    return jsonResponse({ grants, next: isFull ? (grants.at(-1)?.grantId ?? null) : null });
  },
});

import { publicAccess } from "../auth/access.ts";
import { noBody } from "../body.ts";
import { defineRoute } from "../define-route.ts";
import { jsonResponse } from "../json-response.ts";
import { noQuery } from "../query.ts";

/** The Worker runs; says nothing about what it depends on. */
export const getHealth = defineRoute({
  method: "GET",
  path: "/healthz",
  access: publicAccess,
  query: noQuery,
  body: noBody,
  handle: async () => jsonResponse({ status: "alive" }),
});

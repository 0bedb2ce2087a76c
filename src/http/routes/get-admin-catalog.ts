import { FailureError } from "../../core/errors.ts";
import { formatInstant } from "../../core/instant.ts";
import { serverAccess } from "../auth/access.ts";
import { noBody } from "../body.ts";
import { conditionalResponse } from "../conditional.ts";
import { defineRoute } from "../define-route.ts";
import { noQuery } from "../query.ts";

/** The active document as the store has it, challenges before their start included. Its ETag is what If-Match of a publish takes. */
export const getAdminCatalog = defineRoute({
  method: "GET",
  path: "/v1/admin/catalog",
  access: serverAccess("catalog:read"),
  query: noQuery,
  body: noBody,
  handle: async ({ services, request, caller }) => {
    const current = await services.catalogs.current(caller.namespace);
    if (current === null) {
      const detail = `Namespace ${caller.namespace} has no catalog yet; publish one with PUT /v1/admin/catalog.`;
      throw new FailureError({ code: "NO_CATALOG", detail });
    }
    const { catalog, activatedAt } = current;
    return conditionalResponse(request, `"${catalog.version}"`, "private, no-cache", () =>
      JSON.stringify({
        version: catalog.version,
        activatedAt: formatInstant(activatedAt),
        catalog: catalog.document,
      }),
    );
  },
});

import { formatInstant } from "../../core/instant.ts";
import { serverAccess } from "../auth/access.ts";
import { noBody } from "../body.ts";
import { defineRoute } from "../define-route.ts";
import { jsonResponse } from "../json-response.ts";
import { noQuery } from "../query.ts";

/** Every version that was ever stored in the key's namespace, newest first. */
export const listCatalogVersions = defineRoute({
  method: "GET",
  path: "/v1/admin/catalog/versions",
  access: serverAccess("catalog:read"),
  query: noQuery,
  body: noBody,
  handle: async ({ services, caller }) => {
    const stored = await services.catalogs.versions(caller.namespace);
    const versions = stored.map(({ version, storedAt, activatedAt }) => ({
      version,
      storedAt: formatInstant(storedAt),
      activatedAt: formatInstant(activatedAt),
    }));
    return jsonResponse({ versions });
  },
});

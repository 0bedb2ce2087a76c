import { FailureError } from "../../core/errors.ts";
import { serverAccess } from "../auth/access.ts";
import { noBody } from "../body.ts";
import { reportChanges } from "../change-report.ts";
import { defineRoute } from "../define-route.ts";
import { checkIfMatch } from "../if-match.ts";
import { jsonResponse } from "../json-response.ts";
import { noQuery } from "../query.ts";

/**
 * Activates a stored version: the rollback. Answers like a publish.
 *
 * Not stopped by a mode change, unlike a publish: whoever rolls back is in a hurry, and the version was in force before.
 */
export const activateCatalogVersion = defineRoute({
  method: "POST",
  path: "/v1/admin/catalog/versions/:version/activate",
  access: serverAccess("catalog:write"),
  query: noQuery,
  body: noBody,
  handle: async ({ services, request, caller, param }) => {
    const { catalogs } = services;
    const { namespace } = caller;
    const version = param("version");
    // Postgres would not even compare with a text that has a U+0000 in it: it fails.
    const document = VERSION.test(version) ? await catalogs.document(namespace, version) : null;
    if (document === null) {
      const detail = `Namespace ${namespace} has no catalog version ${version}; GET /v1/admin/catalog/versions lists them.`;
      throw new FailureError({ code: "NOT_FOUND", detail });
    }
    const current = await catalogs.current(namespace);
    const active = current?.catalog.version ?? null;
    checkIfMatch(request, active);
    const changes = await reportChanges(catalogs, namespace, current, document);
    const expected = request.headers.has("If-Match") ? active : undefined;
    const outcome = await catalogs.activate(namespace, version, expected);
    if (!outcome.ok) throw new FailureError(outcome.failure);
    return jsonResponse(
      { version, activated: true, changes },
      { headers: { ETag: `"${version}"` } },
    );
  },
});

/** SHA-256 in lower-case hex; nothing else is stored. */
const VERSION = /^[0-9a-f]{64}$/;

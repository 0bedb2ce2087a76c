import * as z from "zod";

import { catalogVersion } from "../../core/canonical.ts";
import type { CatalogDocument } from "../../core/catalog.ts";
import { FailureError } from "../../core/errors.ts";
import { CATALOG_BYTES_MAX } from "../../core/limits.ts";
import { parseCatalog } from "../../core/parse-catalog.ts";
import { sha256Hex } from "../../sha256.ts";
import { serverAccess } from "../auth/access.ts";
import { uncheckedJsonBody } from "../body.ts";
import { type ChangeReport, reportChanges } from "../change-report.ts";
import { defineRoute } from "../define-route.ts";
import { checkIfMatch } from "../if-match.ts";
import { jsonResponse } from "../json-response.ts";
import { queryFlag } from "../query.ts";

/** Validates a catalog, says what it changes for living players, stores and activates it. */
export const publishCatalog = defineRoute({
  method: "PUT",
  path: "/v1/admin/catalog",
  access: serverAccess("catalog:write"),
  query: z.object({ dryRun: queryFlag, force: queryFlag }),
  body: uncheckedJsonBody(CATALOG_BYTES_MAX),
  handle: async ({ services, request, caller, query, body }) => {
    const document = parseDocument(body);
    const version = await catalogVersion(document, sha256Hex);
    const { namespace } = caller;
    for (let attempt = 1; ; attempt++) {
      const current = await services.catalogs.current(namespace);
      checkIfMatch(request, current?.catalog.version ?? null);
      const changes = await reportChanges(services.catalogs, namespace, current, document);
      if (query.dryRun) return publishResponse(version, false, changes);
      if (!query.force) refuseBreaking(changes);
      // What was judged above must be what gets replaced: else judge again.
      const expected = current?.catalog.version ?? null;
      const outcome = await services.catalogs.publish(namespace, document, version, expected);
      if (outcome.ok) return publishResponse(version, true, changes);
      if (outcome.failure.code !== "CATALOG_CHANGED" || attempt === PUBLISH_ATTEMPTS_MAX) {
        throw new FailureError(outcome.failure);
      }
    }
  },
});

/** Two people who publish at once meet once; more than this is a script gone wild. */
const PUBLISH_ATTEMPTS_MAX = 3;

function parseDocument(body: unknown): CatalogDocument {
  const parsed = parseCatalog(body);
  if (parsed.ok) return parsed.document;
  const { problems } = parsed;
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  throw new FailureError({
    code: "INVALID_CATALOG",
    detail: `The catalog has ${count}; nothing was stored.`,
    errors: problems,
  });
}

function refuseBreaking({ breaking }: ChangeReport): void {
  if (breaking.length === 0) return;
  throw new FailureError({
    code: "CATALOG_BREAKING",
    detail:
      `The progress mode changes for ${breaking.join(", ")}, which players may have progress in. ` +
      "Give the goal a new id, or publish with ?force=true.",
    extra: { breaking },
  });
}

function publishResponse(version: string, activated: boolean, changes: ChangeReport): Response {
  return jsonResponse(
    { version, activated, changes },
    activated ? { headers: { ETag: `"${version}"` } } : {},
  );
}

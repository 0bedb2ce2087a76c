import type { ErrorCode, Problem } from "../../core/errors.ts";
import { publicAccess } from "../auth/access.ts";
import { noBody } from "../body.ts";
import { defineRoute } from "../define-route.ts";
import { problemResponse } from "../errors.ts";
import { jsonResponse } from "../json-response.ts";
import { noQuery } from "../query.ts";

/** 200 when this deployment can serve; 503 that names everything that is missing. */
export const getReadiness = defineRoute({
  method: "GET",
  path: "/readyz",
  access: publicAccess,
  query: noQuery,
  body: noBody,
  handle: async ({ services, exchange }) => {
    const errors = await services.readiness();
    if (errors.length === 0) return jsonResponse({ status: "ready" });
    const code = codeOf(errors);
    exchange.code = code;
    const detail = errors.map(({ path, message }) => `${path}: ${message}`).join("; ");
    exchange.error = detail;
    return problemResponse({ code, detail, errors, retryAfterSeconds: 5 }, exchange.requestId, 503);
  },
});

/** The one that explains most: without Postgres there is no telling about the catalog. */
function codeOf(errors: readonly Problem[]): ErrorCode {
  const missing = new Set(errors.map(({ path }) => path));
  if (missing.has("postgres")) return "DATABASE_UNAVAILABLE";
  return missing.has("catalog") ? "NO_CATALOG" : "INTERNAL";
}

import { FailureError } from "../core/errors.ts";
import { matchesStrongly } from "./conditional.ts";

/**
 * Throws FailureError CATALOG_CHANGED when the caller's If-Match does not name the active version.
 *
 * `If-Match: *` asks for any active version; without the header everything is fine.
 */
export function checkIfMatch(request: Request, activeVersion: string | null): void {
  const header = request.headers.get("If-Match");
  if (header === null) return;
  if (activeVersion !== null && matchesStrongly(header, `"${activeVersion}"`)) return;
  const found = activeVersion === null ? "no catalog is active" : `${activeVersion} is active`;
  throw new FailureError({
    code: "CATALOG_CHANGED",
    detail: `If-Match names another version: ${found}. Read it with GET /v1/admin/catalog and try again.`,
  });
}

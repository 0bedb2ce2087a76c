import type { Route } from "../../src/http/define-route.ts";
import { aCatalog } from "./builders.ts";

/** Names nobody may act under but the caller: a body, a query or a header that says them must not matter. */
export const OTHER_TENANT = "elsewhere";

/**
 * A body that every route finds what it needs in: routes ignore what they do not know. Null for a method without a body.
 *
 * A route that needs more than this names says so by a refusal: add the field here.
 */
export function plausibleBody({ method, path }: Route, userId: string): object | null {
  if (method === "GET") return null;
  if (path === "/v1/admin/catalog") return aCatalog().document;
  return {
    namespace: OTHER_TENANT,
    userId,
    id: "event-1",
    type: "login",
    isActive: true,
    goalIds: ["ten-kills"],
    goalId: "ten-kills",
    count: 1,
    reason: "checked by hand",
    confirm: true,
  };
}

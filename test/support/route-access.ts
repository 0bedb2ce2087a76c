import type { Scope } from "../../src/config-schema.ts";
import type { Route } from "../../src/http/define-route.ts";

/** Anybody, any player, or server keys with one of these scopes. */
export type MayUse = "public" | "player" | readonly Scope[];

/**
 * Who may use which route, as docs/api.md has it, written down a second time: a scope that is wrong in the code must not
 * make itself right in the tests. Parameters of paths stand as `{}`.
 */
const MAY_USE: Readonly<Record<string, MayUse>> = {
  "GET /healthz": "public",
  "GET /readyz": "public",
  "GET /metrics": ["operator"],
  "GET /v1/limits": "public",
  "GET /v1/catalog": "public",
  "GET /v1/challenges": "player",
  "GET /v1/challenges/{}": "player",
  "GET /v1/challenges/{}/rotation": "player",
  "GET /v1/progress": "player",
  "POST /v1/challenges/initialize": "player",
  "PUT /v1/challenges/{}/goals/{}/active": "player",
  "POST /v1/challenges/{}/goals/{}/claim": "player",
  "POST /v1/challenges/{}/goals/batch-select": "player",
  "POST /v1/challenges/{}/goals/random-select": "player",
  "GET /v1/users/me/data": "player",
  "DELETE /v1/users/me/data": "player",
  "POST /v1/events": ["events:write"],
  "PUT /v1/admin/catalog": ["catalog:write"],
  "GET /v1/admin/catalog": ["catalog:read"],
  "GET /v1/admin/catalog/versions": ["catalog:read"],
  "POST /v1/admin/catalog/versions/{}/activate": ["catalog:write"],
  "GET /v1/admin/players/{}": ["players:read"],
  "POST /v1/admin/players/{}/reset": ["players:write"],
  "DELETE /v1/admin/players/{}": ["players:write"],
  "GET /v1/admin/grants": ["players:read"],
  "POST /v1/admin/grants/{}/retry": ["players:write"],
  "POST /v1/admin/grants/{}/delivered": ["players:write"],
  "POST /v1/admin/grants/{}/cancel": ["players:write"],
  "GET /v1/admin/shards": ["players:read", "operator"],
  "POST /v1/admin/shards/{}/resume": ["operator"],
  "GET /v1/admin/dead-letters": ["operator"],
  "POST /v1/admin/dead-letters/{}/retry": ["operator"],
  "POST /v1/admin/dead-letters/{}/discard": ["operator"],
};

/** Throws for a route that nobody has thought about yet, and says what to do. */
export function mayUse({ method, path }: Pick<Route, "method" | "path">): MayUse {
  const line = `${method} ${path.replaceAll(/:\w+/g, "{}")}`;
  const found = MAY_USE[line];
  if (found !== undefined) return found;
  throw new Error(
    `The route ${line} is in no list of who may use it. Add it to test/support/route-access.ts, and to docs/api.md.`,
  );
}

/** The route's path with values for its parameters, encoded; `ids` by parameter name, `some-id` for those it lacks. */
export function pathOf(
  { path }: Pick<Route, "path">,
  ids: Readonly<Record<string, string>> = {},
): string {
  return path.replaceAll(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(ids[name] ?? "some-id"),
  );
}

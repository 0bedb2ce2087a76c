import * as fc from "fast-check";

import type { Route } from "../../src/http/define-route.ts";
import { contractCatalog } from "./contract-catalog.ts";
import { anyBody, valuesOf } from "./fuzz-bodies.ts";
import { playerName, PLAYERS } from "./fuzz-credentials.ts";
import type { FuzzRequest } from "./fuzz-send.ts";
import { anyId, anyTargetOf, mostly } from "./fuzz-targets.ts";

/** Requests of a route: mostly what it takes, with things wrong here and there. `credentials` are names to send as. */
export function anyRequestOf(
  route: Route,
  credentials: readonly string[],
): fc.Arbitrary<FuzzRequest> {
  const good = goodBodyOf(route);
  const body = fc.oneof(
    { weight: good === null ? 1 : 6, arbitrary: anyBody(good ?? fc.jsonValue()) },
    { weight: good === null ? 4 : 1, arbitrary: fc.constant(null) },
  );
  const request = fc.record({
    method: mostly(fc.constant(route.method), fc.constantFrom(...METHODS)),
    target: anyTargetOf(route),
    as: mostly(ownCredentials(route), fc.constantFrom(null, ...credentials)),
    headers: anyHeaders,
    body,
  });
  return request.map(({ headers, ...rest }) => {
    const isPacked = rest.body?.sentAs === "gzip";
    return {
      ...rest,
      headers: { ...(isPacked ? { "Content-Encoding": "gzip" } : {}), ...headers },
    };
  });
}

/** A request that must at least get past the checks of path, method and credentials. */
export function plainRequestOf(route: Route): FuzzRequest {
  const target = route.path.replaceAll(/:\w+/g, "modes");
  const as = usualCredential(route, playerName(0));
  return { method: route.method, target, as, headers: JSON_TYPE, body: null };
}

const METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"];
const JSON_TYPE = { "Content-Type": "application/json" };

/** Operator routes and the metrics take the operator's key, admin routes and events the namespace's, all others a player's token. */
function usualCredential({ path }: Route, player: string): string | null {
  if (/^\/(metrics|v1\/admin\/(shards|dead-letters))/.test(path)) return "operator";
  if (path.startsWith("/v1/admin/") || path === "/v1/events") return "fuzz";
  return path.startsWith("/v1/") ? player : null;
}

function ownCredentials(route: Route): fc.Arbitrary<string | null> {
  const player = fc.nat({ max: PLAYERS - 1 }).map(playerName);
  return player.map((name) => usualCredential(route, name));
}

const MEDIA_TYPES = [
  "text/plain",
  "application/json;charset=utf-16",
  "application/x+json",
  "",
  "json",
  "multipart/form-data; boundary=x",
  "application/json, text/plain",
  "é/ÿ",
];

/** Requests of one address are limited, so each has its own. */
const usualHeaders = fc.record({
  "CF-Connecting-IP": fc.ipV4(),
  "Content-Type": mostly(fc.constant("application/json"), fc.constantFrom(...MEDIA_TYPES)),
});

const ODD_HEADERS: readonly (readonly [string, readonly string[]])[] = [
  ["Content-Encoding", ["gzip", "identity", "br", "deflate", "gzip, gzip", ""]],
  ["Idempotency-Key", ["one", "two", "", " ", "é", "k".repeat(129), "\t"]],
  ["If-None-Match", ["*", 'W/"x"', '"', "W/", ",,,", "ÿ", '"a","b"', ""]],
  ["If-Match", ["*", '"x"', '"', "ÿ", ""]],
  ["X-Request-Id", ["trace-1", "a b", "", "é", "x".repeat(129), "{{}}", "<b>"]],
  ["Accept", ["text/html", "*/*;q=x", "application/xml", ""]],
  ["Origin", ["null", "https://game.example", "é", ""]],
  ["Access-Control-Request-Method", ["PUT", "é"]],
  ["Range", ["bytes=0-1", "bytes=9-"]],
  ["Cookie", ["a=b", "=;;", "ÿ"]],
  ["X-HTTP-Method-Override", ["DELETE"]],
  ["X-User-Id", ["somebody"]],
];

const oddHeader = fc
  .constantFrom(...ODD_HEADERS)
  .chain(([name, values]) => fc.constantFrom(...values).map((value) => [name, value] as const));

const anyHeaders = fc
  .tuple(usualHeaders, fc.array(oddHeader, { maxLength: 2 }))
  .map(([usual, odd]) => ({ ...usual, ...Object.fromEntries(odd) }));

/** Null where the route reads no body. */
function goodBodyOf({ path, method, bodySchema }: Route): fc.Arbitrary<unknown> | null {
  if (bodySchema !== null) return valuesOf(bodySchema, anyId);
  if (path === "/v1/events") return anyEventsBody;
  if (path === "/v1/admin/catalog" && method === "PUT") return fc.constant(CATALOG);
  return null;
}

const CATALOG = contractCatalog(Date.UTC(2026, 0, 1));

const anyEvent = fc.record(
  {
    id: fc.oneof(fc.uuid(), fc.constantFrom("again", "")),
    type: mostly(fc.constantFrom("login", "statistic"), fc.constant("logout")),
    userId: mostly(fc.nat({ max: PLAYERS - 1 }).map(playerName), anyId),
    statCode: mostly(fc.constantFrom("score", "kills", "damage", "odd stat ☃"), anyId),
    latestValue: fc.oneof(fc.nat(), fc.double(), fc.constant(1.7e308)),
    inc: fc.oneof(fc.nat({ max: 9 }), fc.double(), fc.constant(1.7e308)),
    timestamp: fc.constantFrom(null, "2026-01-01T00:00:00Z", "soon", "2026-02-30T00:00:00Z", ""),
  },
  { requiredKeys: ["id", "type", "userId", "statCode", "inc"] },
);

const anyEventsBody = fc.oneof(
  anyEvent,
  fc.array(anyEvent, { maxLength: 6 }).map((events) => ({ events })),
  anyEvent.map((event) => ({ events: Array.from({ length: 501 }, () => event) })),
);

import * as fc from "fast-check";

import type { Route } from "../../src/http/define-route.ts";
import { contractCatalog } from "./contract-catalog.ts";
import { anyBody, valuesOf } from "./fuzz-bodies.ts";
import { playerName, PLAYERS } from "./fuzz-credentials.ts";
import type { FuzzRequest } from "./fuzz-send.ts";

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
    target: fc.tuple(mostly(pathsOf(route), oddPathsOf(route)), anyQuery).map(([a, b]) => a + b),
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

function mostly<T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ weight: 8, arbitrary: usual }, { weight: 1, arbitrary: odd });
}

/** Operator routes take the operator's key, admin routes and events the namespace's, all others a player's token. */
function usualCredential({ path }: Route, player: string): string | null {
  if (path.startsWith("/v1/admin/shards")) return "operator";
  if (path.startsWith("/v1/admin/") || path === "/v1/events") return "fuzz";
  return path.startsWith("/v1/") ? player : null;
}

function ownCredentials(route: Route): fc.Arbitrary<string | null> {
  const player = fc.nat({ max: PLAYERS - 1 }).map(playerName);
  return player.map((name) => usualCredential(route, name));
}

/** Challenges of the contract's catalog, each with one of its goals. */
const PAIRS: readonly (readonly [challengeId: string, goalId: string])[] = [
  ["modes", "count-score"],
  ["modes", "days-login"],
  ["defaults", "default-login"],
  ["defaults", "default-kills"],
  ["daily", "daily-win"],
  ["chain", "chain-last"],
  ["ends", "ends-goal"],
  ["tomorrow", "tomorrow-goal"],
  ["über/challenge ☃", "goal 1/2 é"],
];

/** Ids that mean something in the catalog or to other requests, and ids of nothing. */
const anyId = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom("absolute-score", "count-score", "days-score") },
  { weight: 1, arbitrary: fc.constantFrom(...PAIRS.flat()) },
  { weight: 1, arbitrary: fc.nat({ max: PLAYERS - 1 }).map(playerName) },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme", maxLength: 12 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom("", ".", "..", "a\0b", "x".repeat(101), "\u202e", "0".repeat(64)),
  },
);

/** How an id may stand in a path: as it should, or as no client should write it. */
const anySegment = fc.oneof(
  { weight: 6, arbitrary: anyId.map(encodeURIComponent) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ..."% %ZZ %00 %E0%A4%A %ED%A0%80 %2F %2e%2e a%2Fb + a;b=c * :goalId %252F".split(" "),
      "x".repeat(5_000),
      "%F0%9F%92%A5".repeat(400),
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .uint8Array({ minLength: 1, maxLength: 8 })
      .map((bytes) => [...bytes].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("")),
  },
);

function pathsOf({ path }: Route): fc.Arbitrary<string> {
  return fc.constantFrom(...PAIRS).chain(([challengeId, goalId]) => {
    const real: Record<string, string> = { ":challengeId": challengeId, ":goalId": goalId };
    const segments = path.split("/").map((part) => {
      if (!part.startsWith(":")) return fc.constant(part);
      const usual = fc.constant(encodeURIComponent(real[part] ?? "absolute-score"));
      return mostly(usual, anySegment);
    });
    return fc.tuple(...segments).map((each) => each.join("/"));
  });
}

function oddPathsOf(route: Route): fc.Arbitrary<string> {
  return pathsOf(route).chain((path) =>
    fc.oneof(
      fc.constantFrom(`${path}/`, `/${path}`, path.toUpperCase(), `${path}/..`, `${path}%20`),
      fc.constantFrom(path.replaceAll("/", "//"), `/.${path}`, `${path}/more`, path.slice(0, -1)),
      fc.nat({ max: path.length }).map((at) => path.slice(0, at) || "/"),
      fc.constantFrom("/", "/v1", "/v1/", "/v2/challenges", "/favicon.ico", "/.env", "/v1/%"),
    ),
  );
}

const QUERY_NAMES = "active_only include namespace dryRun force results state __proto__ é".split(
  " ",
);
const QUERY_VALUES = [
  ..."true false upcoming fuzz default neighbour all granted 1 TRUE NO null % %00 %ED%A0%80".split(
    " ",
  ),
  "x".repeat(2_000),
  "",
];

const anyQuery = fc.oneof(
  { weight: 3, arbitrary: fc.constant("") },
  {
    weight: 2,
    arbitrary: fc
      .array(fc.tuple(fc.constantFrom(...QUERY_NAMES), fc.constantFrom(...QUERY_VALUES)), {
        maxLength: 4,
      })
      .map((pairs) => `?${pairs.map(([name, value]) => `${encodeURI(name)}=${value}`).join("&")}`),
  },
  { weight: 1, arbitrary: fc.constantFrom("?", "??", "?&&=&", "?active_only", "?dryRun=true&") },
);

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

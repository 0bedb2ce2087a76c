import * as fc from "fast-check";

import type { Route } from "../../src/http/define-route.ts";
import { playerName, PLAYERS } from "./fuzz-credentials.ts";

/** Path and query: mostly of the route, with ids that exist or not, and sometimes what is hardly a path. */
export function anyTargetOf(route: Route): fc.Arbitrary<string> {
  const path = mostly(pathsOf(route), oddPathsOf(route));
  return fc.tuple(path, anyQuery).map(([before, query]) => before + query);
}

/** Eight times of nine what is usual. */
export function mostly<T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ weight: 8, arbitrary: usual }, { weight: 1, arbitrary: odd });
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
export const anyId = fc.oneof(
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
    const real: Record<string, string> = {
      ":challengeId": challengeId,
      ":goalId": goalId,
      ":letterId": "1",
    };
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

import type { Route } from "../../src/http/define-route.ts";
import { ROUTES } from "../../src/http/routes.ts";
import { mayUse, pathOf } from "../support/route-access.ts";
import type { KeyName } from "./contract-stack.ts";

/** A route of the API, with a path that would do if the caller were allowed. */
export interface RouteUnderTest {
  readonly method: Route["method"];
  readonly path: string;
}

/** The narrow keys of the contract's stack, by the one scope that each has. */
const NARROW_KEYS: Readonly<Record<string, KeyName>> = {
  "events:write": "eventsonly",
  "catalog:read": "catalogreadonly",
  "players:read": "playersreadonly",
  operator: "operator",
};

/** Values for the parameters of paths. */
const IDS = {
  challengeId: "modes",
  goalId: "count-score",
  userId: "anna",
  version: "0".repeat(64),
  grantId: "0".repeat(64),
  letterId: "999999",
};

export const PLAYER_ROUTES: readonly RouteUnderTest[] = ROUTES.filter(
  (route) => mayUse(route) === "player",
).map(underTest);

/** With the narrow keys that lack the route's scope. */
export const SERVER_ROUTES: readonly (RouteUnderTest & { lacking: readonly KeyName[] })[] =
  ROUTES.flatMap((route) => {
    const scopes = mayUse(route);
    if (typeof scopes === "string") return [];
    const others = Object.entries(NARROW_KEYS).filter(
      ([scope]) => !scopes.some((it) => it === scope),
    );
    return [{ ...underTest(route), lacking: others.map(([, key]) => key) }];
  });

export const PUBLIC_ROUTES: readonly RouteUnderTest[] = ROUTES.filter(
  (route) => mayUse(route) === "public",
).map(underTest);

function underTest(route: Route): RouteUnderTest {
  return { method: route.method, path: pathOf(route, IDS) };
}

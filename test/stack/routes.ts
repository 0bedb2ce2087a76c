import type { KeyName } from "./contract-stack.ts";

/** A route of the API, with a path that would do if the caller were allowed. */
export interface RouteUnderTest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly path: string;
}

const GOAL = "/v1/challenges/modes/goals/count-score";

export const PLAYER_ROUTES: readonly RouteUnderTest[] = [
  { method: "GET", path: "/v1/challenges" },
  { method: "GET", path: "/v1/challenges/modes" },
  { method: "GET", path: "/v1/progress" },
  { method: "POST", path: "/v1/challenges/initialize" },
  { method: "PUT", path: `${GOAL}/active` },
  { method: "POST", path: `${GOAL}/claim` },
  { method: "POST", path: "/v1/challenges/modes/goals/batch-select" },
  { method: "POST", path: "/v1/challenges/modes/goals/random-select" },
  { method: "GET", path: "/v1/challenges/modes/rotation" },
  { method: "GET", path: "/v1/users/me/data" },
  { method: "DELETE", path: "/v1/users/me/data" },
];

/** With the narrow keys that lack the route's scope. */
export const SERVER_ROUTES: readonly (RouteUnderTest & { lacking: readonly KeyName[] })[] = [
  {
    method: "POST",
    path: "/v1/events",
    lacking: ["catalogreadonly", "playersreadonly", "operator"],
  },
  {
    method: "PUT",
    path: "/v1/admin/catalog",
    lacking: ["catalogreadonly", "eventsonly", "operator"],
  },
  {
    method: "GET",
    path: "/v1/admin/catalog",
    lacking: ["playersreadonly", "eventsonly", "operator"],
  },
  { method: "GET", path: "/v1/admin/catalog/versions", lacking: ["playersreadonly", "eventsonly"] },
  {
    method: "POST",
    path: `/v1/admin/catalog/versions/${"0".repeat(64)}/activate`,
    lacking: ["catalogreadonly", "eventsonly", "operator"],
  },
  {
    method: "GET",
    path: "/v1/admin/players/anna",
    lacking: ["catalogreadonly", "eventsonly", "operator"],
  },
  {
    method: "POST",
    path: "/v1/admin/players/anna/reset",
    lacking: ["playersreadonly", "eventsonly", "operator"],
  },
  {
    method: "DELETE",
    path: "/v1/admin/players/anna",
    lacking: ["playersreadonly", "eventsonly", "operator"],
  },
  { method: "GET", path: "/v1/admin/shards", lacking: ["catalogreadonly", "eventsonly"] },
];

export const PUBLIC_ROUTES: readonly RouteUnderTest[] = [
  { method: "GET", path: "/v1/catalog" },
  { method: "GET", path: "/v1/limits" },
  { method: "GET", path: "/healthz" },
  { method: "GET", path: "/readyz" },
];

import type { Route } from "./define-route.ts";

/** All routes of one path, with what 405 has to say. */
export interface PathGroup {
  readonly path: string;
  readonly routes: readonly Route[];
  /** GET brings HEAD with it. */
  readonly allowedMethods: readonly string[];
}

/**
 * Groups routes by path, paths with fewer parameters first.
 *
 * A path that is written out wins over a pattern that fits it too, for all methods (as OpenAPI has it): GET
 * /v1/challenges/initialize is a wrong method, not a challenge of that name.
 */
export function groupByPath(routes: readonly Route[]): PathGroup[] {
  const byPath = Map.groupBy(routes, (route) => route.path);
  const groups = [...byPath].map(([path, group]) => ({
    path,
    routes: group,
    allowedMethods: group.flatMap(({ method }) => (method === "GET" ? ["GET", "HEAD"] : [method])),
  }));
  return groups.toSorted((a, b) => parameterCount(a.path) - parameterCount(b.path));
}

function parameterCount(path: string): number {
  return path.split("/:").length - 1;
}

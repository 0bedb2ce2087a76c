import { describe, expect, test } from "vitest";

import { FakeServices, PLAYER } from "../../test/support/fake-services.ts";
import { mayUse, pathOf } from "../../test/support/route-access.ts";
import type { Scope } from "../config-schema.ts";
import type { Route } from "./define-route.ts";
import { ROUTES } from "./routes.ts";

const SCOPES: readonly Scope[] = [
  "events:write",
  "catalog:read",
  "catalog:write",
  "players:read",
  "players:write",
  "operator",
];

const routes = ROUTES.map((route) => ({ title: `${route.method} ${route.path}`, route }));

/** Asks a route; the server key, if one is sent, has these scopes and no others. */
async function ask(
  route: Route,
  headers: Record<string, string>,
  scopes: readonly Scope[] = [],
): Promise<number> {
  const services = new FakeServices();
  const namespace = scopes.includes("operator") ? null : "default";
  const key = { id: "narrow", sha256: "0".repeat(64), namespace, scopes };
  services.serverKeys.find = async (presented) => (presented === "gk_narrow_x" ? key : null);
  const { status } = await services.request(pathOf(route), { method: route.method, headers });
  expect(services.logged.map((line) => line.route)).toEqual([route.path]);
  return status;
}

const KEY = { Authorization: "Bearer gk_narrow_x" };

describe.each(routes)("$title", ({ route }) => {
  test("is open to those whom the contract names", async () => {
    const who = mayUse(route);
    if (who === "public") expect([401, 403]).not.toContain(await ask(route, {}));
    if (who === "player") expect([401, 403]).not.toContain(await ask(route, PLAYER));
    if (typeof who === "string") return;
    for (const scope of who) expect([401, 403]).not.toContain(await ask(route, KEY, [scope]));
  });

  test("is closed to everybody else", async () => {
    const who = mayUse(route);
    if (who === "public") return;
    expect(await ask(route, {})).toBe(401);
    if (who === "player") {
      expect(await ask(route, KEY, SCOPES)).toBe(401);
      return;
    }
    expect(await ask(route, PLAYER)).toBe(401);
    const others = SCOPES.filter((scope) => !who.includes(scope));
    for (const scope of others)
      expect([scope, await ask(route, KEY, [scope])]).toEqual([scope, 403]);
    expect(await ask(route, KEY, others)).toBe(403);
    expect(await ask(route, KEY, [])).toBe(403);
  });
});

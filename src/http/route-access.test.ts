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
  services.serverKeys.find = (presented) => (presented === "gk_narrow_x" ? key : null);
  const { status } = await services.request(pathOf(route), { method: route.method, headers });
  expect(services.logged.map((line) => line.route)).toEqual([route.path]);
  return status;
}

const KEY = { Authorization: "Bearer gk_narrow_x" };

/** Who may ask, by the credentials that the contract takes on this route. */
function welcome(route: Route): Promise<number>[] {
  const who = mayUse(route);
  if (who === "public") return [ask(route, {})];
  if (who === "player") return [ask(route, PLAYER)];
  return who.map((scope) => ask(route, KEY, [scope]));
}

/** Who may not: without credentials, with those of the wrong kind, and with a key that has every scope but the right ones. */
async function unwelcome(route: Route): Promise<unknown> {
  const who = mayUse(route);
  const none = await ask(route, {});
  if (who === "public") return [];
  if (who === "player") return { none, key: await ask(route, KEY, SCOPES) };
  const others = SCOPES.filter((scope) => !who.includes(scope));
  const single = others.map(async (scope) => [scope, await ask(route, KEY, [scope])] as const);
  return {
    none,
    player: await ask(route, PLAYER),
    together: await ask(route, KEY, others),
    without: await ask(route, KEY, []),
    wrong: (await Promise.all(single)).filter(([, status]) => status !== 403),
  };
}

const REFUSED = {
  public: [],
  player: { none: 401, key: 401 },
  server: { none: 401, player: 401, together: 403, without: 403, wrong: [] },
};

describe.each(routes)("$title", ({ route }) => {
  test("is open to those whom the contract names", async () => {
    const statuses = await Promise.all(welcome(route));
    expect(statuses.filter((status) => status === 401 || status === 403)).toEqual([]);
  });

  test("is closed to everybody else", async () => {
    const who = mayUse(route);
    expect(await unwelcome(route)).toEqual(REFUSED[typeof who === "string" ? who : "server"]);
  });
});

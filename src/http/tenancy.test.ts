import { describe, expect, test } from "vitest";

import { FakeServices, PLAYER } from "../../test/support/fake-services.ts";
import { mayUse, pathOf } from "../../test/support/route-access.ts";
import { OTHER_TENANT, plausibleBody } from "../../test/support/route-body.ts";
import { namespacesIn, type PortCall, watchPorts } from "../../test/support/watch-ports.ts";
import type { ApiKey } from "../config.ts";
import type { Route } from "./define-route.ts";
import { ROUTES } from "./routes.ts";

const OWN = "default";
const VICTIM = "victim";

/** All that a key of a namespace may do. */
const OWN_KEY: ApiKey = {
  id: "own",
  sha256: "0".repeat(64),
  namespace: OWN,
  scopes: ["events:write", "catalog:read", "catalog:write", "players:read", "players:write"],
};

/** Ports that answer for the whole deployment and hold no player's data; of a request only its trace may be handed to them. */
const OF_THE_DEPLOYMENT = new Set(["players.shardStatuses"]);

const routes = ROUTES.map((route) => ({ title: `${route.method} ${route.path}`, route })).filter(
  ({ route }) => isOfOneTenant(route),
);

/** Public routes show what is everybody's, and an operator's key has no namespace. */
function isOfOneTenant(route: Route): boolean {
  const who = mayUse(route);
  return who === "player" || (who !== "public" && who.some((scope) => scope !== "operator"));
}

/** Asks a route as a caller of `OWN` who names the other tenant wherever there is room for it. */
async function reachAcross(route: Route): Promise<readonly PortCall[]> {
  const fakes = new FakeServices();
  fakes.serverKeys.find = () => OWN_KEY;
  const { services, calls } = watchPorts(fakes);
  const version = fakes.catalogs.history[0]?.version ?? "";
  const path = pathOf(route, { userId: VICTIM, version, grantId: "0".repeat(64) });
  const body = plausibleBody(route, VICTIM);
  await services.request(`${path}?namespace=${OTHER_TENANT}&userId=${VICTIM}`, {
    method: route.method,
    headers: {
      ...(mayUse(route) === "player" ? PLAYER : { Authorization: "Bearer gk_own_secret" }),
      "Content-Type": "application/json",
      "Idempotency-Key": OTHER_TENANT,
      "X-Namespace": OTHER_TENANT,
      "X-User-Id": VICTIM,
      "X-Mock-User-Id": VICTIM,
    },
    ...(body === null ? {} : { body: JSON.stringify(body) }),
  });
  return calls;
}

const NO_CALLS =
  "The request was refused before it reached a port, so it shows nothing: add what it lacks to test/support/route-body.ts.";
const HAND_OVER =
  "needs the caller's namespace, as its first argument or a field of one, so that it cannot reach another tenant's data.";

/** What the log line of the request is made of: it chooses nothing. */
function isTrace(arg: unknown): boolean {
  return typeof arg === "object" && arg !== null && "requestId" in arg;
}

function userIdsIn(arg: unknown): string[] {
  const isPlayer = typeof arg === "object" && arg !== null && "userId" in arg;
  return isPlayer && typeof arg.userId === "string" ? [arg.userId] : [];
}

describe.each(routes)("$title, asked to reach into another namespace", ({ route }) => {
  test("hands every port the caller's own and no other", async () => {
    const calls = await reachAcross(route);
    expect(calls, NO_CALLS).not.toEqual([]);
    for (const call of calls) {
      const handed = OF_THE_DEPLOYMENT.has(call.name)
        ? call.args.filter((arg) => !isTrace(arg))
        : namespacesIn(call);
      const expected = OF_THE_DEPLOYMENT.has(call.name) ? [] : [OWN];
      expect([...new Set(handed)], `${call.name} ${HAND_OVER}`).toEqual(expected);
    }
  });

  test("acts for the player of the token, or for the one that a server names, and for no other", async () => {
    const allowed = mayUse(route) === "player" ? "anna" : VICTIM;
    const users = (await reachAcross(route)).flatMap(({ args }) => args.flatMap(userIdsIn));
    expect(users.filter((userId) => userId !== allowed)).toEqual([]);
  });
});

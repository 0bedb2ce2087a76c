import { beforeAll, describe, expect, test } from "vitest";

import { ROUTES } from "../../src/http/routes.ts";
import { mayUse, pathOf } from "../support/route-access.ts";
import { plausibleBody } from "../support/route-body.ts";
import { sharedApi, type Answer } from "./api.ts";
import { contractCatalog } from "./contract-catalog.ts";
import { expectBody } from "./expect-answer.ts";
import type { Player } from "./player.ts";
import { Publisher } from "./publisher.ts";
import { adminPlayer, claimed } from "./shapes.ts";

const api = sharedApi();

/** A progress that nobody else has: where it shows, the victim shows. */
const MARK = 7_771_177;

let victim: Player;
let grantId: string;
/** A player of the other namespace under the same user id. */
let namesake: Player;
const routes = ROUTES.map((route) => ({ title: `${route.method} ${route.path}`, route })).filter(
  ({ route }) => mayUse(route) !== "public",
);

beforeAll(async () => {
  await new Publisher(api, "stranger").publish(contractCatalog(Date.now()));
  victim = await api.player();
  namesake = await api.player({ namespace: "stranger", userId: victim.userId });
  await victim.does({ statCode: "kills", latestValue: MARK });
  ({ grantId } = expectBody(await victim.claim("defaults/default-kills"), 200, claimed));
});

/** All that the victim's own namespace knows of the victim, and which catalog is active there. */
async function untouched() {
  const as = api.key("local");
  const answer = await api.call(`/v1/admin/players/${victim.userId}`, { as });
  const { version } = await new Publisher(api, "local").active();
  return { record: expectBody(answer, 200, adminPlayer), version };
}

/** Asks with the other namespace's credentials for what is the victim's. */
async function reach(route: (typeof ROUTES)[number]): Promise<Answer> {
  const challengeId = "defaults";
  const version = api.access.catalogVersion;
  const ids = { challengeId, goalId: "default-kills", userId: victim.userId, version, grantId };
  const as = mayUse(route) === "player" ? namesake.token : api.key("stranger");
  const body = plausibleBody(route, victim.userId);
  return api.call(`${pathOf(route, ids)}?namespace=default`, {
    method: route.method,
    as,
    headers: { "X-Namespace": "default" },
    ...(body === null ? {} : { body }),
  });
}

describe("from another namespace", () => {
  test.each(routes)("$title neither shows nor moves anything of a player", async ({ route }) => {
    const before = await untouched();
    expect(JSON.stringify(before.record)).toContain(String(MARK));
    const answer = await reach(route);
    expect(answer.status).toBeLessThan(500);
    expect(answer.text).not.toContain(String(MARK));
    expect(await untouched()).toEqual(before);
  });

  test("a grant's id is nothing to the ledger's other readers", async () => {
    const as = api.key("stranger");
    const record = await api.call(`/v1/admin/players/${victim.userId}`, { as });
    expect(record.text).not.toContain(grantId);
  });
});

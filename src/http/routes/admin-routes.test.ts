import { describe, expect, test } from "vitest";

import { aCatalog, aGoal, aRow } from "../../../test/support/builders.ts";
import {
  FakeServices,
  LIVE_OPS,
  OPERATOR,
  versionOf,
} from "../../../test/support/fake-services.ts";
import { NOON } from "../../../test/support/noon.ts";
import type { CatalogDocument } from "../../core/catalog.ts";
import type { GrantLine } from "../../core/player.ts";
import type { ShardStatus } from "../../core/ports.ts";

const PATH = "/v1/admin/catalog";

function documentWith(...goals: Parameters<typeof aGoal>[0][]): CatalogDocument {
  return aCatalog(...goals.map(aGoal)).document;
}

async function put(
  services: FakeServices,
  document: unknown,
  query = "",
  headers: Record<string, string> = {},
) {
  const response = await services.send("PUT", PATH + query, document, { ...LIVE_OPS, ...headers });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

async function get(services: FakeServices, path: string, headers: Record<string, string> = {}) {
  return services.request(path, { headers: { ...LIVE_OPS, ...headers } });
}

describe("PUT /v1/admin/catalog", () => {
  test("activates a first catalog and says what is new", async () => {
    const services = new FakeServices();
    services.catalogs.history = [];
    const document = documentWith({ goalId: "a" }, { goalId: "b" });
    const { status, body, headers } = await put(services, document);
    expect(status).toBe(200);
    expect(body).toEqual({
      version: versionOf(document),
      activated: true,
      changes: { added: ["a", "b"], removed: [], changed: [], breaking: [] },
    });
    expect(headers.get("ETag")).toBe(`"${body.version}"`);
    expect((await services.catalogs.active("default")).catalog.version).toBe(body.version);
  });

  test("reports removed and changed goals with the players that they meet", async () => {
    const services = new FakeServices();
    services.catalogs.install(aCatalog(aGoal({ goalId: "a" }), aGoal({ goalId: "b" })));
    services.catalogs.usageOf = [{ goalId: "b", inProgress: 7, unclaimed: 2 }];
    const changed = documentWith({ goalId: "a", requirement: { targetValue: 20 } });
    expect((await put(services, changed)).body.changes).toEqual({
      added: [],
      removed: [{ goalId: "b", inProgress: 7, unclaimed: 2 }],
      changed: [{ goalId: "a", fields: ["requirement.targetValue"], inProgress: 0, unclaimed: 0 }],
      breaking: [],
    });
  });

  test("on ?dryRun=true stores nothing, and shows also what would break", async () => {
    const services = new FakeServices();
    const document = documentWith({ requirement: { progressMode: "count" } });
    const { status, body } = await put(services, document, "?dryRun=true");
    expect(status).toBe(200);
    expect(body).toMatchObject({ activated: false, changes: { breaking: ["ten-kills"] } });
    expect(services.catalogs.history).toHaveLength(1);
  });

  test("refuses a mode change with the goals' names, unless forced", async () => {
    const services = new FakeServices();
    const document = documentWith({ requirement: { progressMode: "count" } });
    const refused = await put(services, document);
    expect(refused).toMatchObject({
      status: 409,
      body: { code: "CATALOG_BREAKING", breaking: ["ten-kills"] },
    });
    expect(refused.body.detail).toContain("ten-kills");
    expect(services.catalogs.history).toHaveLength(1);
    expect((await put(services, document, "?force=true")).body.activated).toBe(true);
  });

  test("refuses an invalid catalog with every problem and its path", async () => {
    const services = new FakeServices();
    const { status, body } = await put(services, {
      challenges: [{ challengeId: "c", name: "C", description: "", goals: [], typo: 1 }],
    });
    expect(status).toBe(422);
    expect(body.code).toBe("INVALID_CATALOG");
    const paths = body.errors.map(({ path }: { path: string }) => path);
    expect(paths).toContain("$.challenges[0].typo");
    expect(paths).toContain("$.challenges[0].goals");
    expect(await put(services, [])).toMatchObject({ status: 422 });
  });

  test("honours If-Match, also for a dry run", async () => {
    const services = new FakeServices();
    const { version } = (await services.catalogs.active("default")).catalog;
    const document = documentWith({ goalId: "a" });
    const putWith = async (tag: string, query = "") =>
      (await put(services, document, query, { "If-Match": tag })).status;
    expect(await putWith('"another"')).toBe(412);
    expect(await putWith('"another"', "?dryRun=true")).toBe(412);
    expect(await putWith(`W/"${version}"`)).toBe(412);
    expect(await putWith(`"another", "${version}"`)).toBe(200);
    expect(await putWith(`"${version}"`)).toBe(412);
    expect(await putWith("*")).toBe(200);
    services.catalogs.history = [];
    expect(await putWith("*")).toBe(412);
  });

  test("judges again when somebody else publishes meanwhile", async () => {
    const services = new FakeServices();
    let hasMet = false;
    services.catalogs.beforePublish = () => {
      if (hasMet) return;
      hasMet = true;
      const document = documentWith({ goalId: "theirs" });
      services.catalogs.install({
        ...aCatalog(aGoal({ goalId: "theirs" })),
        version: versionOf(document),
      });
    };
    const { status, body } = await put(services, documentWith({ goalId: "mine" }));
    expect(status).toBe(200);
    expect(body.changes.removed).toMatchObject([{ goalId: "theirs" }]);
  });

  test("tells a publisher with If-Match that somebody else was faster", async () => {
    const services = new FakeServices();
    const { version } = (await services.catalogs.active("default")).catalog;
    services.catalogs.beforePublish = () => {
      services.catalogs.install({ ...aCatalog(), version: "f".repeat(64) });
    };
    const headers = { "If-Match": `"${version}"` };
    const refused = await put(services, documentWith({ goalId: "mine" }), "", headers);
    expect(refused).toMatchObject({ status: 412, body: { code: "CATALOG_CHANGED" } });
  });

  test("takes up to 8 MiB", async () => {
    const body = " ".repeat(8 * 1_048_576 + 1);
    const headers = { ...LIVE_OPS, "Content-Type": "application/json" };
    const response = await new FakeServices().request(PATH, { method: "PUT", body, headers });
    expect(response.status).toBe(413);
  });
});

describe("GET /v1/admin/catalog", () => {
  test("shows the active document under its version, and can be put back", async () => {
    const services = new FakeServices();
    const document = documentWith({ goalId: "a" });
    const { version } = (await put(services, document)).body;
    const response = await get(services, PATH);
    expect(response.headers.get("ETag")).toBe(`"${version}"`);
    const body = await response.json();
    expect(body).toEqual({ version, activatedAt: new Date(NOON).toISOString(), catalog: document });
    const back = await put(services, body.catalog);
    expect(back.body).toMatchObject({ version, changes: { added: [], removed: [], changed: [] } });
    expect((await get(services, PATH, { "If-None-Match": `"${version}"` })).status).toBe(304);
  });

  test("is 503 NO_CATALOG before the first publish, and each key sees its own namespace only", async () => {
    const services = new FakeServices();
    const elsewhere = { Authorization: "Bearer gk_elsewhere_secret" };
    const response = await services.request(PATH, { headers: elsewhere });
    expect(await response.json()).toMatchObject({ status: 503, code: "NO_CATALOG" });
  });
});

test("versions are listed, and an older one can be activated again", async () => {
  const services = new FakeServices();
  const first = (await put(services, documentWith({ goalId: "a" }))).body.version;
  const second = (await put(services, documentWith({ goalId: "b" }))).body.version;
  const { versions } = await (await get(services, `${PATH}/versions`)).json();
  expect(versions).toContainEqual({
    version: first,
    storedAt: "2026-11-24T12:00:00.000Z",
    activatedAt: null,
  });

  const activate = async (version: string, headers: Record<string, string> = {}) =>
    services.request(`${PATH}/versions/${version}/activate`, {
      method: "POST",
      headers: { ...LIVE_OPS, ...headers },
    });
  expect((await activate(first, { "If-Match": '"other"' })).status).toBe(412);
  const response = await activate(first, { "If-Match": `"${second}"` });
  expect(await response.json()).toMatchObject({
    version: first,
    activated: true,
    changes: { added: ["a"], removed: [{ goalId: "b" }] },
  });
  expect((await services.catalogs.active("default")).catalog.version).toBe(first);
  const missing = await activate("0".repeat(64));
  expect(await missing.json()).toMatchObject({ status: 404, code: "NOT_FOUND" });
});

test.each(["%00", "%20", "0".repeat(63), "A".repeat(64)])(
  "%s is no version, and the store is not even asked for it",
  async (version) => {
    const services = new FakeServices();
    services.catalogs.document = async () => {
      throw new Error("invalid byte sequence for encoding UTF8: 0x00");
    };
    const path = `${PATH}/versions/${version}/activate`;
    const response = await services.request(path, { method: "POST", headers: LIVE_OPS });
    expect(await response.json()).toMatchObject({ status: 404, code: "NOT_FOUND" });
  },
);

describe("GET /v1/admin/players/{userId}", () => {
  const grant: GrantLine = {
    grantId: "grant-1",
    challengeId: "first-steps",
    goalId: "ten-kills",
    period: null,
    reward: { type: "WALLET", rewardId: "GOLD", quantity: 100 },
    state: "granted",
    attempts: 1,
    nextAttemptAt: null,
    lastError: null,
    createdAt: NOON,
    grantedAt: NOON,
  };

  test("shows every row, also of goals that the catalog lacks, and the ledger", async () => {
    const services = new FakeServices();
    services.players.viewOf = {
      rows: [aRow({ status: "claimed", claimedAt: NOON }), aRow({ goalId: "gone", progress: 3 })],
      position: 5,
    };
    services.ledger.push(grant);
    const body = await (await get(services, "/v1/admin/players/bert%20%2F1")).json();
    expect(body.userId).toBe("bert /1");
    expect(body.goals).toMatchObject([
      { goalId: "ten-kills", status: "claimed", claimedAt: "2026-11-24T12:00:00.000Z" },
      { goalId: "gone", progress: 3 },
    ]);
    expect(body.grants).toEqual([
      {
        grantId: "grant-1",
        goalId: "ten-kills",
        period: null,
        state: "granted",
        attempts: 1,
        lastError: null,
      },
    ]);
    expect(services.players.viewed).toEqual([{ namespace: "default", userId: "bert /1" }]);
  });

  test("refuses what cannot be a user id", async () => {
    const response = await get(new FakeServices(), `/v1/admin/players/${"x".repeat(101)}`);
    expect(await response.json()).toMatchObject({ status: 400, code: "INVALID_REQUEST" });
  });
});

describe("GET /v1/admin/shards", () => {
  const status: ShardStatus = {
    shard: "g1-8-0",
    epoch: 3,
    journalDepth: 12,
    oldestAgeMs: 700,
    dirtyPlayers: 4,
    parkedPlayers: 1,
    lastFlushAt: NOON,
    lastError: null,
  };

  async function shardsFor(headers: Record<string, string>, lastError: string | null) {
    const services = new FakeServices();
    services.players.statuses = [{ ...status, lastError }];
    return (await get(services, "/v1/admin/shards", headers)).json();
  }

  test("says how every shard is doing", async () => {
    expect(await shardsFor(LIVE_OPS, null)).toEqual({
      shards: [{ ...status, lastFlushAt: "2026-11-24T12:00:00.000Z" }],
    });
  });

  test("tells what Postgres said, which may quote any tenant's values, to an operator alone", async () => {
    const said = 'invalid input syntax for type double precision: "of another tenant"';
    expect(await shardsFor(OPERATOR, said)).toMatchObject({ shards: [{ lastError: said }] });
    const told = await shardsFor(LIVE_OPS, said);
    expect(told).toMatchObject({
      shards: [{ shard: "g1-8-0", lastError: expect.stringContaining("operator is told") }],
    });
    expect(JSON.stringify(told)).not.toContain("tenant");
  });
});

import { describe, expect, test } from "vitest";

import { aCatalog, aChallenge, aGoal, aRow } from "../../../test/support/builders.ts";
import { FakeServices, PLAYER } from "../../../test/support/fake-services.ts";
import { NOON } from "../../../test/support/noon.ts";

const ACTIVE = "/v1/challenges/first-steps/goals/ten-kills/active";

const DAY_MS = 86_400_000;

function withDefaultGoal(): FakeServices {
  const services = new FakeServices();
  services.catalogs.install(aCatalog(aGoal({ defaultAssigned: true }), aGoal({ goalId: "other" })));
  return services;
}

async function get(services: FakeServices, path: string, headers: Record<string, string> = {}) {
  return services.request(path, { headers: { ...PLAYER, ...headers } });
}

describe("GET /v1/challenges", () => {
  test("joins the catalog with the player's rows", async () => {
    const services = withDefaultGoal();
    services.players.viewOf = { rows: [aRow({ progress: 4, status: "in_progress" })], position: 9 };
    const response = await get(services, "/v1/challenges");
    expect(response.headers.get("Cache-Control")).toBe("private, no-cache");
    const body = await response.json();
    expect(body).toMatchObject({ serverTime: "2026-11-24T12:00:00.000Z" });
    expect(body.challenges).toHaveLength(1);
    expect(body.challenges[0].goals).toMatchObject([
      { goalId: "ten-kills", progress: 4, status: "in_progress", isActive: true },
      { goalId: "other", progress: 0, status: "not_started", isActive: false },
    ]);
    expect(services.players.viewed).toEqual([{ namespace: "default", userId: "anna" }]);
  });

  test("keeps active goals only, and shows what is to come, when asked", async () => {
    const services = withDefaultGoal();
    const startsAt = new Date(NOON + DAY_MS).toISOString();
    const later = aChallenge({ challengeId: "later", startsAt, goals: [aGoal({ goalId: "l" })] });
    services.catalogs.install(
      aCatalog(aGoal({ defaultAssigned: true }), aGoal({ goalId: "other" }), later),
    );
    const idsOf = async (query: string) => {
      const { challenges } = await (await get(services, `/v1/challenges${query}`)).json();
      return challenges.map((challenge: { challengeId: string; goals: { goalId: string }[] }) => [
        challenge.challengeId,
        ...challenge.goals.map(({ goalId }) => goalId),
      ]);
    };
    expect(await idsOf("?active_only=true")).toEqual([["first-steps", "ten-kills"]]);
    expect(await idsOf("?active_only=false")).toEqual([["first-steps", "ten-kills", "other"]]);
    expect(await idsOf("?include=upcoming")).toEqual([
      ["first-steps", "ten-kills", "other"],
      ["later", "l"],
    ]);
    expect((await get(services, "/v1/challenges?include=past")).status).toBe(400);
  });

  test("is 304 under its weak ETag until the player changes, per filter", async () => {
    const services = withDefaultGoal();
    const first = await get(services, "/v1/challenges");
    const tag = first.headers.get("ETag") ?? "";
    expect(tag).toMatch(/^W\/".+"$/);
    const again = async (path: string) =>
      (await get(services, path, { "If-None-Match": `"x", ${tag}` })).status;
    expect(await again("/v1/challenges")).toBe(304);
    expect(await again("/v1/challenges?active_only=true")).toBe(200);
    services.players.viewOf = { rows: [], position: 1 };
    expect(await again("/v1/challenges")).toBe(200);
  });
});

test("GET /v1/challenges/{id} shows one, and 404 for another", async () => {
  const services = withDefaultGoal();
  const response = await get(services, "/v1/challenges/first-steps");
  expect(await response.json()).toMatchObject({ challenge: { challengeId: "first-steps" } });
  const tag = response.headers.get("ETag") ?? "";
  const again = await get(services, "/v1/challenges/first-steps", { "If-None-Match": tag });
  expect(again.status).toBe(304);
  const missing = await get(services, "/v1/challenges/no%2Fsuch");
  expect(await missing.json()).toMatchObject({ status: 404, code: "CHALLENGE_NOT_FOUND" });
});

test("GET /v1/progress lists active goals and goals with a row", async () => {
  const services = withDefaultGoal();
  const response = await get(services, "/v1/progress");
  expect((await response.clone().json()).goals).toMatchObject([
    { challengeId: "first-steps", goalId: "ten-kills", progress: 0, isActive: true },
  ]);
  const tag = response.headers.get("ETag") ?? "";
  expect((await get(services, "/v1/progress", { "If-None-Match": tag })).status).toBe(304);
});

test("a namespace without a catalog is 503 NO_CATALOG", async () => {
  const services = new FakeServices();
  services.catalogs.history = [];
  for (const path of ["/v1/challenges", "/v1/progress", "/v1/catalog"]) {
    const response = await get(services, path);
    expect(await response.json()).toMatchObject({ status: 503, code: "NO_CATALOG" });
  }
});

describe("POST initialize", () => {
  function initializing(): FakeServices {
    const services = withDefaultGoal();
    services.players.answer = () => {
      services.players.viewOf = { rows: [aRow({ assignedAt: NOON })], position: 1 };
      const { viewOf: view } = services.players;
      return { ok: true, value: { result: { kind: "initialize", created: 1 }, view } };
    };
    return services;
  }
  const initialize = async (services: FakeServices, headers: Record<string, string> = {}) => {
    const all = { ...PLAYER, ...headers };
    const init = { method: "POST", headers: all };
    return (await services.request("/v1/challenges/initialize", init)).json();
  };

  test("creates the rows once; the flag then leads to a read", async () => {
    const services = initializing();
    expect(await initialize(services)).toMatchObject({
      assignedGoals: [
        {
          challengeId: "first-steps",
          goalId: "ten-kills",
          assignedAt: "2026-11-24T12:00:00.000Z",
          target: 10,
        },
      ],
      newAssignments: 1,
      totalActive: 1,
    });
    expect(await initialize(services)).toMatchObject({ newAssignments: 0, totalActive: 1 });
    expect(services.players.commands).toHaveLength(1);
    expect(services.players.viewed).toHaveLength(1);
  });

  test("does not believe a flag when the player has no rows", async () => {
    const services = initializing();
    const player = { namespace: "default", userId: "anna" };
    const { version } = (await services.catalogs.active("default")).catalog;
    await services.initFlags.write(player, version);
    expect(await initialize(services)).toMatchObject({ newAssignments: 1 });
  });

  test("asks the shard again for another catalog version", async () => {
    const services = initializing();
    await initialize(services);
    await services.initFlags.write({ namespace: "default", userId: "anna" }, "older");
    await initialize(services);
    expect(services.players.commands).toHaveLength(2);
  });

  test("leaves a repeat under an Idempotency-Key to the shard", async () => {
    const services = initializing();
    await initialize(services, { "Idempotency-Key": "k" });
    await initialize(services, { "Idempotency-Key": "k" });
    const ids = services.players.commands.map(({ commandId }) => commandId);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
  });
});

describe("PUT active", () => {
  test("answers with the goal's new state", async () => {
    const services = new FakeServices();
    services.players.answer = () => ({
      ok: true,
      value: {
        result: {
          kind: "activate",
          challengeId: "first-steps",
          goalId: "ten-kills",
          isActive: true,
          assignedAt: NOON,
        },
        view: services.players.viewOf,
      },
    });
    const response = await services.send("PUT", ACTIVE, { isActive: true }, PLAYER);
    expect(await response.json()).toEqual({
      challengeId: "first-steps",
      goalId: "ten-kills",
      isActive: true,
      assignedAt: "2026-11-24T12:00:00.000Z",
      message: "Goal ten-kills is active.",
    });
    expect(services.players.commands[0]?.command).toEqual({
      kind: "activate",
      challengeId: "first-steps",
      goalId: "ten-kills",
      isActive: true,
    });
  });

  test("takes its idempotency key with the path, so that one key serves two goals", async () => {
    const services = new FakeServices();
    const headers = { ...PLAYER, "Idempotency-Key": "k" };
    for (const goal of ["a", "b", "a"]) {
      await services.send(
        "PUT",
        `/v1/challenges/c/goals/${goal}/active`,
        { isActive: true },
        headers,
      );
    }
    const [a, b, again] = services.players.commands.map(({ commandId }) => commandId);
    expect(a).not.toBe(b);
    expect(a).toBe(again);
  });

  test("refuses an idempotency key that is too long or not printable", async () => {
    const services = new FakeServices();
    for (const key of ["x".repeat(129), "ü"]) {
      const headers = { ...PLAYER, "Idempotency-Key": key };
      const response = await services.send("PUT", ACTIVE, { isActive: true }, headers);
      expect(await response.json()).toMatchObject({ status: 400, code: "INVALID_REQUEST" });
    }
  });
});

import { describe, expect, test } from "vitest";

import { sharedApi, type Answer } from "./api.ts";
import { expectProblem } from "./expect-answer.ts";
import { forgedTokens, tokenWith } from "./forged-tokens.ts";
import { PLAYER_ROUTES, PUBLIC_ROUTES, SERVER_ROUTES } from "./routes.ts";

const api = sharedApi();

/** Asks with a whole Authorization header, or none. */
function ask(path: string, authorization?: string): Promise<Answer> {
  return api.call(path, authorization === undefined ? {} : { headers: { authorization } });
}

describe("every route asks for the credential that it needs", () => {
  test.each([...PLAYER_ROUTES, ...SERVER_ROUTES])("$method $path: none is 401", async (route) => {
    expectProblem(await api.call(route.path, { method: route.method }), 401, "UNAUTHENTICATED");
  });

  test.each(PLAYER_ROUTES)("$method $path: a server key is 401", async ({ method, path }) => {
    for (const name of ["local", "operator"] as const) {
      const answer = await api.call(path, { method, as: api.key(name) });
      expectProblem(answer, 401, "UNAUTHENTICATED");
    }
  });

  test.each(SERVER_ROUTES)("$method $path: a player is 401", async ({ method, path }) => {
    const { token } = await api.player();
    expectProblem(await api.call(path, { method, as: token }), 401, "UNAUTHENTICATED");
  });

  test.each(SERVER_ROUTES)("$method $path: a lacking scope is 403", async (route) => {
    for (const name of route.lacking) {
      const answer = await api.call(route.path, { method: route.method, as: api.key(name) });
      const { detail } = expectProblem(answer, 403, "FORBIDDEN");
      expect(detail).toMatch(/scope/);
    }
  });

  test.each(PUBLIC_ROUTES)("$method $path is for everybody", async ({ path }) => {
    for (const header of [undefined, "Bearer garbage", "nonsense"]) {
      expect((await ask(path, header)).status).toBe(200);
    }
  });
});

describe("a player token", () => {
  const nowSeconds = Math.floor(Date.now() / 1_000);
  const refused: Record<string, Record<string, unknown>> = {
    expired: { exp: nowSeconds - 60 },
    "without an expiry": { exp: undefined },
    "not valid yet": { nbf: nowSeconds + 600 },
    "of another issuer": { iss: "https://elsewhere.example" },
    "without an issuer": { iss: undefined },
    "without a subject": { sub: undefined },
    "with an empty subject": { sub: "" },
    "with a control character in its subject": { sub: "an\u0000na" },
    "with a subject of 101 characters": { sub: "x".repeat(101) },
    "without a namespace": { namespace: undefined },
    "with a namespace that cannot be one": { namespace: "Default" },
    "with a namespace that is no text": { namespace: ["default"] },
  };

  test.each(Object.keys(refused))("%s is 401", async (what) => {
    const as = await tokenWith(api.access, refused[what] ?? {});
    expectProblem(await api.call("/v1/progress", { as }), 401, "UNAUTHENTICATED");
  });

  test("is taken as it is, with the longest subject, and whatever else it claims", async () => {
    const changes = { sub: "x".repeat(100), namespace: "default", aud: "a-game", roles: ["admin"] };
    const as = await tokenWith(api.access, changes);
    expect((await api.call("/v1/progress", { as })).status).toBe(200);
  });

  test("that is forged is 401, by whatever trick", async () => {
    for (const [trick, as] of Object.entries(await forgedTokens(api.access))) {
      const answer = await api.call("/v1/progress", { as });
      expect([trick, answer.status]).toEqual([trick, 401]);
      expectProblem(answer, 401, "UNAUTHENTICATED");
    }
  });

  test("has to come as a Bearer token in Authorization", async () => {
    const { token } = await api.player();
    expect((await ask("/v1/progress", `bearer ${token}`)).status).toBe(200);
    for (const header of [token, `Basic ${token}`, "Bearer", "Bearer ", `Bearer ${token} more`]) {
      expectProblem(await ask("/v1/progress", header), 401, "UNAUTHENTICATED");
    }
    expectProblem(await ask(`/v1/progress?access_token=${token}`), 401, "UNAUTHENTICATED");
  });
});

describe("a server key", () => {
  test("that is not quite right is 401", async () => {
    const key = api.key("local");
    const [scheme, id, secret = ""] = key.split("_");
    const wrong = [
      `${scheme}_${id}_${"0".repeat(secret.length)}`,
      `${scheme}_operator_${secret}`,
      `${scheme}_nobody_${secret}`,
      key.slice(0, -1),
      `${key}0`,
      key.toUpperCase(),
      `${scheme}_${id}_`,
      secret,
    ];
    for (const as of wrong) {
      expectProblem(await api.call("/v1/admin/catalog", { as }), 401, "UNAUTHENTICATED");
    }
    expect((await api.call("/v1/admin/catalog", { as: key })).status).toBe(200);
  });

  test("of an operator sees the shards, and so does one that reads players", async () => {
    for (const name of ["operator", "playersreadonly", "local"] as const) {
      const answer = await api.call("/v1/admin/shards", { as: api.key(name) });
      expect([name, answer.status]).toEqual([name, 200]);
    }
  });
});

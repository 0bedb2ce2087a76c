import { gzipSync } from "node:zlib";

import { describe, expect, test } from "vitest";

import { aConfig } from "../../test/support/config-builder.ts";
import {
  FakeServices,
  GAME_SERVER,
  LIVE_OPS,
  OPERATOR,
  PLAYER,
} from "../../test/support/fake-services.ts";
import { FailureError } from "../core/errors.ts";

const JSON_TYPE = { "Content-Type": "application/json" };

async function codeOf(response: Response): Promise<string> {
  const problem = await response.json();
  return `${response.status} ${problem.code}`;
}

describe("the order of checks", () => {
  test("an unknown path is 404, also without credentials and for any method", async () => {
    const services = new FakeServices();
    expect(await codeOf(await services.request("/v1/nothing"))).toBe("404 NOT_FOUND");
    expect(await codeOf(await services.request("/", { method: "DELETE" }))).toBe("404 NOT_FOUND");
    expect(await codeOf(await services.request("/v1/challenges/"))).toBe("404 NOT_FOUND");
  });

  test("a wrong method is 405 with Allow, before credentials", async () => {
    const services = new FakeServices();
    const response = await services.request("/v1/events");
    expect(response.headers.get("Allow")).toBe("POST");
    expect(await codeOf(response)).toBe("405 METHOD_NOT_ALLOWED");
    const catalog = await services.request("/v1/admin/catalog", { method: "PATCH" });
    expect(catalog.headers.get("Allow")?.split(", ").toSorted()).toEqual(["GET", "HEAD", "PUT"]);
    const initialize = await services.request("/v1/challenges/initialize", { headers: PLAYER });
    expect(await codeOf(initialize)).toBe("405 METHOD_NOT_ALLOWED");
  });

  test("missing credentials are 401 before anything in the body counts", async () => {
    const services = new FakeServices();
    const response = await services.request("/v1/events", { method: "POST", body: "{" });
    expect(response.headers.get("WWW-Authenticate")).toContain("Bearer");
    expect(await codeOf(response)).toBe("401 UNAUTHENTICATED");
  });

  test.each([
    ["/v1/challenges", "GET", GAME_SERVER],
    ["/v1/events", "POST", PLAYER],
    ["/v1/challenges", "GET", { Authorization: "Basic YTpi" }],
    ["/v1/admin/shards", "GET", { Authorization: "Bearer gk_nobody_x" }],
  ])("%s with the wrong kind of credential is 401", async (path, method, headers) => {
    const services = new FakeServices();
    expect(await codeOf(await services.request(path, { method, headers }))).toBe(
      "401 UNAUTHENTICATED",
    );
  });

  test("a key without the scope is 403, before rate and body", async () => {
    const services = new FakeServices();
    services.rateLimiters.server.isOver = true;
    const response = await services.request("/v1/admin/catalog", {
      method: "PUT",
      body: "{",
      headers: GAME_SERVER,
    });
    expect(await codeOf(response)).toBe("403 FORBIDDEN");
  });

  test("too many requests are 429 with Retry-After, before the body", async () => {
    const services = new FakeServices();
    services.rateLimiters.server.isOver = true;
    const response = await services.request("/v1/events", {
      method: "POST",
      body: "{",
      headers: GAME_SERVER,
    });
    expect(response.headers.get("Retry-After")).toBe("10");
    expect(await codeOf(response)).toBe("429 RATE_LIMITED");
  });

  test("each kind of caller is counted by its own key; a broken counter lets everybody in", async () => {
    const services = new FakeServices();
    services.rateLimiters.public.isBroken = true;
    const address = { "CF-Connecting-IP": "192.0.2.1" };
    expect((await services.request("/v1/limits", { headers: address })).status).toBe(200);
    await services.request("/v1/challenges", { headers: PLAYER });
    await services.request("/v1/admin/shards", { headers: OPERATOR });
    expect(services.rateLimiters.public.keys).toEqual(["192.0.2.1"]);
    expect(services.rateLimiters.player.keys).toEqual(['["default","anna"]']);
    expect(services.rateLimiters.server.keys).toEqual(["operator"]);
  });

  test("the media type comes before the size, the size before JSON, JSON before the shape", async () => {
    const services = new FakeServices();
    const put = async (body: string, headers: Record<string, string>) =>
      codeOf(
        await services.request("/v1/challenges/c/goals/g/active", {
          method: "PUT",
          body,
          headers: { ...PLAYER, ...headers },
        }),
      );
    const large = `{"isActive":"${"x".repeat(70_000)}"`;
    expect(await put(large, { "Content-Type": "text/plain" })).toBe("415 UNSUPPORTED_MEDIA_TYPE");
    expect(await put(large, JSON_TYPE)).toBe("413 BODY_TOO_LARGE");
    expect(await put("{", JSON_TYPE)).toBe("400 INVALID_JSON");
    expect(await put("", JSON_TYPE)).toBe("400 INVALID_JSON");
    expect(await put("[".repeat(40) + "]".repeat(40), JSON_TYPE)).toBe("400 INVALID_JSON");
    expect(await put("{}", JSON_TYPE)).toBe("400 INVALID_REQUEST");
    expect(await put('{"isActive":"yes"}', JSON_TYPE)).toBe("400 INVALID_REQUEST");
    expect(await put("[]", JSON_TYPE)).toBe("400 INVALID_REQUEST");
    expect(await put('{"isActive":true}', JSON_TYPE)).toBe("404 CHALLENGE_NOT_FOUND");
  });
});

describe("bodies", () => {
  async function post(body: BodyInit, headers: Record<string, string>): Promise<string> {
    const services = new FakeServices();
    const all = { ...JSON_TYPE, ...GAME_SERVER, ...headers };
    const response = await services.request("/v1/events", { method: "POST", body, headers: all });
    return response.status === 202 ? "202" : codeOf(response);
  }
  const event = JSON.stringify({ id: "e1", userId: "anna", type: "login" });

  test("gzip is taken, other encodings are 415, false gzip is 400", async () => {
    const gzip = { "Content-Encoding": "gzip" };
    expect(await post(gzipSync(event), gzip)).toBe("202");
    expect(await post(event, { "Content-Encoding": "identity" })).toBe("202");
    expect(await post(event, { "Content-Encoding": "br" })).toBe("415 UNSUPPORTED_MEDIA_TYPE");
    expect(await post(event, gzip)).toBe("400 INVALID_JSON");
    expect(await post(gzipSync(event).subarray(0, 20), gzip)).toBe("400 INVALID_JSON");
  });

  test("the size counts after gunzip", async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000, " "));
    expect(bomb.length).toBeLessThan(100_000);
    expect(await post(bomb, { "Content-Encoding": "gzip" })).toBe("413 BODY_TOO_LARGE");
  });

  test("a body of exactly the limit passes, one byte more does not", async () => {
    const padded = (length: number) => event + " ".repeat(length - event.length);
    expect(await post(padded(1_048_576), {})).toBe("202");
    expect(await post(padded(1_048_577), {})).toBe("413 BODY_TOO_LARGE");
  });

  test("charset and +json are fine; text that is no UTF-8 is 400", async () => {
    const withType = (type: string) => post(event, { "Content-Type": type });
    expect(await withType("application/json; charset=utf-8")).toBe("202");
    expect(await withType("application/cloudevents+json")).toBe("202");
    expect(await withType("application/jsonp")).toBe("415 UNSUPPORTED_MEDIA_TYPE");
    expect(await post(new Uint8Array([0x22, 0xff, 0x22]), {})).toBe("400 INVALID_JSON");
  });
});

describe("every answer", () => {
  test("carries a request id: the caller's when it is sane, else a new one", async () => {
    const services = new FakeServices();
    const idFor = async (proposed: string) => {
      const response = await services.request("/healthz", {
        headers: { "X-Request-Id": proposed },
      });
      return response.headers.get("X-Request-Id");
    };
    expect(await idFor("trace-1.a:b")).toBe("trace-1.a:b");
    expect(await idFor("a b")).toBe("id-1");
    expect(await idFor("x".repeat(129))).toBe("id-2");
    expect((await services.request("/nowhere")).headers.get("X-Request-Id")).toBe("id-3");
  });

  test("carries the security headers, errors included", async () => {
    const response = await new FakeServices().request("/nowhere");
    expect(response.headers.get("X-Content-Type-Options")).toBe("nosniff");
    expect(response.headers.get("Content-Security-Policy")).toContain("default-src 'none'");
    expect(response.headers.get("Cache-Control")).toBe("no-store");
  });

  test("is problem+json with all fields when it is an error", async () => {
    const services = new FakeServices();
    const headers = { ...PLAYER, "X-Request-Id": "r-1" };
    const response = await services.request("/v1/challenges?active_only=maybe", { headers });
    expect(response.headers.get("Content-Type")).toBe("application/problem+json");
    expect(await response.json()).toEqual({
      type: "urn:gauntlet:problem:invalid-request",
      title: expect.any(String),
      status: 400,
      detail: expect.stringContaining("active_only"),
      instance: "urn:gauntlet:request:r-1",
      code: "INVALID_REQUEST",
      errors: [{ path: "query.active_only", message: "must be true or false" }],
    });
  });

  test("says nothing about an unexpected error, and the log says all", async () => {
    const services = new FakeServices();
    const secret = new Error("password=hunter2");
    services.readiness = async () => {
      throw secret;
    };
    const response = await services.request("/readyz");
    const text = await response.text();
    expect(response.status).toBe(500);
    expect(text).toContain('"INTERNAL"');
    expect(text).not.toContain("hunter2");
    expect(services.logged).toMatchObject([{ status: 500, code: "INTERNAL", error: secret }]);
  });

  test("is logged once, with the route's pattern and the namespace, without the user", async () => {
    const services = new FakeServices();
    await services.request("/v1/challenges/first-steps", { headers: PLAYER });
    expect(services.logged).toEqual([
      {
        requestId: "id-1",
        method: "GET",
        route: "/v1/challenges/:challengeId",
        status: 200,
        milliseconds: 0,
        shard: null,
        namespace: "default",
        keyId: null,
        code: null,
        error: undefined,
      },
    ]);
  });

  test("to HEAD is that to GET without the body", async () => {
    const services = new FakeServices();
    const response = await services.request("/v1/challenges", { method: "HEAD", headers: PLAYER });
    expect(response.status).toBe(200);
    expect(response.headers.get("ETag")).toMatch(/^W\//);
    expect(await response.text()).toBe("");
  });
});

test("a failure of the shard keeps its code and says when to come back", async () => {
  const services = new FakeServices();
  services.players.failure = new FailureError({
    code: "SHARD_OVERLOADED",
    detail: "The journal is full.",
    retryAfterSeconds: 2.2,
  });
  const response = await services.request("/v1/challenges", { headers: PLAYER });
  expect(response.headers.get("Retry-After")).toBe("3");
  expect(await codeOf(response)).toBe("503 SHARD_OVERLOADED");
});

test("the base path prefixes the API; probes are found at the root too", async () => {
  const services = new FakeServices();
  services.config = aConfig({ basePath: "/challenge" });
  const statusOf = async (path: string) =>
    (await services.request(path, { headers: PLAYER })).status;
  expect(await statusOf("/challenge/v1/challenges")).toBe(200);
  expect(await statusOf("/v1/challenges")).toBe(404);
  expect(await statusOf("/healthz")).toBe(200);
  expect(await statusOf("/challenge/healthz")).toBe(200);
});

describe("browsers", () => {
  const origin = { Origin: "https://play.example.com" };
  const preflight = { ...origin, "Access-Control-Request-Method": "PUT" };

  test("get no CORS header unless an origin is configured", async () => {
    const services = new FakeServices();
    const response = await services.request("/healthz", { headers: origin });
    expect(response.headers.has("Access-Control-Allow-Origin")).toBe(false);
    const options = { method: "OPTIONS", headers: preflight };
    expect((await services.request("/v1/challenges", options)).status).toBe(405);
  });

  test("of a configured origin may read answers, errors too, and are told what they may send", async () => {
    const services = new FakeServices();
    services.config = aConfig({ corsOrigins: ["https://play.example.com"] });
    const response = await services.request("/v1/challenges", { headers: origin });
    expect(response.status).toBe(401);
    expect(response.headers.get("Access-Control-Allow-Origin")).toBe("https://play.example.com");
    expect(response.headers.get("Vary")).toBe("Origin");
    const options = { method: "OPTIONS", headers: preflight };
    const allowed = await services.request("/v1/admin/catalog", options);
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get("Access-Control-Allow-Methods")).toContain("PUT");
    expect(allowed.headers.get("Access-Control-Allow-Headers")).toContain("Idempotency-Key");
    const foreign = { ...preflight, Origin: "https://evil.example.com" };
    const refused = await services.request("/v1/challenges", {
      method: "OPTIONS",
      headers: foreign,
    });
    expect(refused.headers.has("Access-Control-Allow-Origin")).toBe(false);
  });
});

test("players:read is enough for the shards, and so is operator", async () => {
  const services = new FakeServices();
  const statusFor = async (headers: Record<string, string>) =>
    (await services.request("/v1/admin/shards", { headers })).status;
  expect(await statusFor(LIVE_OPS)).toBe(200);
  expect(await statusFor(OPERATOR)).toBe(200);
  expect(await statusFor(GAME_SERVER)).toBe(403);
});

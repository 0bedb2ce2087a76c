import { gzipSync } from "node:zlib";

import { describe, expect, test } from "vitest";

import { aCatalog, aChallenge, aGoal } from "../../test/support/builders.ts";
import {
  FakeServices,
  GAME_SERVER,
  LIVE_OPS,
  OPERATOR,
  PLAYER,
} from "../../test/support/fake-services.ts";

const JSON_TYPE = { "Content-Type": "application/json" };
const EVENT = JSON.stringify({ id: "e1", userId: "anna", type: "login" });

async function outcome(response: Response): Promise<string> {
  if (response.status < 400) return String(response.status);
  return `${response.status} ${(await response.json()).code}`;
}

/** Sends a body to POST /v1/events. */
async function post(
  body: BodyInit,
  headers: Record<string, string> = {},
  services = new FakeServices(),
): Promise<string> {
  const all = { ...JSON_TYPE, ...GAME_SERVER, ...headers };
  // `duplex` says to Node that a stream may be sent.
  const init = { method: "POST", body, headers: all, duplex: "half" };
  return outcome(await services.request("/v1/events", init));
}

describe("a body", () => {
  test("without a length is read up to the limit, and its sender is cut off there", async () => {
    let sent = 0;
    let isCancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        sent += 65_536;
        controller.enqueue(new Uint8Array(65_536).fill(0x20));
      },
      cancel: () => {
        isCancelled = true;
      },
    });
    expect(await post(endless)).toBe("413 BODY_TOO_LARGE");
    expect(isCancelled).toBe(true);
    expect(sent).toBeLessThan(2 * 1_048_576);
  });

  test("that lies about its length is counted as it comes", async () => {
    const body = " ".repeat(1_048_577);
    expect(await post(body, { "Content-Length": "10" })).toBe("413 BODY_TOO_LARGE");
    expect(await post(EVENT, { "Content-Length": "99999999999" })).toBe("413 BODY_TOO_LARGE");
    expect(await post(EVENT, { "Content-Length": "-1" })).toBe("202");
  });

  test("packed more than once, or in another way, is not unpacked", async () => {
    const twice = gzipSync(gzipSync(EVENT));
    for (const encoding of ["gzip, gzip", "identity, gzip", "gzip,br", "deflate", "zstd", "*"]) {
      const found = await post(twice, { "Content-Encoding": encoding });
      expect([encoding, found]).toEqual([encoding, "415 UNSUPPORTED_MEDIA_TYPE"]);
    }
    expect(await post(twice, { "Content-Encoding": "gzip" })).toBe("400 INVALID_JSON");
  });

  test("of several gzip members counts as a whole", async () => {
    const member = gzipSync(Buffer.alloc(600_000, " "));
    const found = await post(Buffer.concat([member, member, gzipSync(EVENT)]), {
      "Content-Encoding": "gzip",
    });
    expect(["413 BODY_TOO_LARGE", "400 INVALID_JSON"]).toContain(found);
  });

  test("that names a field twice means the last one", async () => {
    const services = new FakeServices();
    const twice = EVENT.replace("{", '{"userId":"bert","id":"other",');
    expect(await post(twice, {}, services)).toBe("202");
    expect(services.players.events).toMatchObject([{ event: { userId: "anna", id: "e1" } }]);
  });

  test("gets nothing out of __proto__ and constructor, and leaves nothing in them", async () => {
    const services = new FakeServices();
    const fields = '{"id":"e1","userId":"anna","type":"login"}';
    for (const name of ["__proto__", "constructor", "prototype"]) {
      const wrapped = `{"${name}":${fields}}`;
      expect(await post(wrapped, {}, services)).toBe("400 INVALID_REQUEST");
      const active = { ...PLAYER, ...JSON_TYPE };
      const put = await services.request("/v1/challenges/c/goals/g/active", {
        method: "PUT",
        body: `{"${name}":{"isActive":true}}`,
        headers: active,
      });
      expect(await outcome(put)).toBe("400 INVALID_REQUEST");
    }
    expect(Reflect.get({}, "userId")).toBeUndefined();
    expect(Reflect.get({}, "isActive")).toBeUndefined();
  });

  test("may use names of objects' own things as ids, which are ids like others", async () => {
    const odd = ["__proto__", "constructor", "toString", "hasOwnProperty"];
    const { document } = aCatalog(
      aChallenge({
        challengeId: "__proto__",
        goals: odd.map((id) => aGoal({ goalId: id, requirement: { statCode: id } })),
      }),
    );
    const services = new FakeServices();
    const published = await services.send("PUT", "/v1/admin/catalog", document, LIVE_OPS);
    expect(published.status).toBe(200);
    expect((await published.json()).changes.added.toSorted()).toEqual(odd.toSorted());
    const shown = await services.request("/v1/challenges/__proto__", { headers: PLAYER });
    const goals: { goalId: string }[] = (await shown.json()).challenge.goals;
    expect(goals.map(({ goalId }) => goalId).toSorted()).toEqual(odd.toSorted());
    for (const id of odd.slice(1)) {
      const found = await services.request(`/v1/challenges/${id}`, { headers: PLAYER });
      expect(await outcome(found)).toBe("404 CHALLENGE_NOT_FOUND");
    }
  });

  test("of a catalog is told of a field __proto__ like of any unknown one", async () => {
    const text = JSON.stringify(aCatalog().document).replace("{", '{"__proto__":{"a":1},');
    const answer = await new FakeServices().request("/v1/admin/catalog", {
      method: "PUT",
      body: text,
      headers: { ...JSON_TYPE, ...LIVE_OPS },
    });
    expect(answer.status).toBe(422);
    expect((await answer.json()).errors).toMatchObject([{ path: expect.stringContaining("__") }]);
  });
});

describe("a path", () => {
  test.each([
    "//v1/limits",
    "/v1//limits",
    "/v1/limits/",
    "/V1/limits",
    "/v1/limits%2f",
    "/v1%2flimits",
    "/v1\\limits%00",
    "/v1/limits;a=b",
    "/v1/admin/players/a/b",
    `/${"x".repeat(100_000)}`,
  ])("like %.30s is nobody's", async (path) => {
    const response = await new FakeServices().request(path, { headers: LIVE_OPS });
    const body = await response.text();
    expect(`${response.status} ${JSON.parse(body).code}`).toBe("404 NOT_FOUND");
    expect(body.length).toBeLessThan(1_000);
  });

  test("with encoded slashes and dots names one user, and never another path", async () => {
    const services = new FakeServices();
    for (const userId of ["a/../b", "../shards", "a%2Fb", "..%2f..", "?x=1", "#x"]) {
      const path = `/v1/admin/players/${encodeURIComponent(userId)}`;
      const response = await services.request(path, { headers: LIVE_OPS });
      expect([userId, response.status]).toEqual([userId, 200]);
      expect(services.players.viewed.at(-1)).toEqual({ namespace: "default", userId });
    }
  });
});

describe("a header", () => {
  test("that asks for another method, path or host is not heard", async () => {
    const services = new FakeServices();
    const headers = {
      ...PLAYER,
      "X-HTTP-Method-Override": "DELETE",
      "X-HTTP-Method": "DELETE",
      "X-Method-Override": "DELETE",
      "X-Original-URL": "/v1/admin/shards",
      "X-Rewrite-URL": "/v1/admin/shards",
      "X-Forwarded-Host": "evil.example.com",
      "X-Forwarded-Prefix": "/v1/admin",
    };
    const response = await services.request("/v1/users/me/data?_method=DELETE", { headers });
    expect(response.status).toBe(200);
    expect(await response.text()).not.toContain("evil.example.com");
    expect(services.players.commands).toEqual([]);
    expect(services.logged).toMatchObject([{ method: "GET", route: "/v1/users/me/data" }]);
  });

  test("that is very long is refused or ignored, at once", async () => {
    const services = new FakeServices();
    const startedAt = performance.now();
    const ask = async (headers: Record<string, string>) =>
      outcome(await services.request("/v1/challenges", { headers: { ...PLAYER, ...headers } }));
    const long = "x".repeat(100_000);
    expect(await ask({ Authorization: `Bearer ${long}` })).toBe("401 UNAUTHENTICATED");
    expect(await ask({ Authorization: `Bearer ${" ".repeat(100_000)}` })).toBe(
      "401 UNAUTHENTICATED",
    );
    for (const tag of [long, '"'.repeat(100_001), 'W/"'.repeat(30_000), '"a",'.repeat(25_000)]) {
      expect(await ask({ "If-None-Match": tag })).toBe("200");
    }
    expect(await ask({ "X-Request-Id": long, Origin: long, Cookie: long })).toBe("200");
    const claim = await services.request("/v1/challenges/c/goals/g/claim", {
      method: "POST",
      headers: { ...PLAYER, "Idempotency-Key": long },
    });
    expect(await outcome(claim)).toBe("400 INVALID_REQUEST");
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  test("cannot smuggle an address past the count, since only the platform's own is read", async () => {
    const services = new FakeServices();
    const headers = { "X-Forwarded-For": "192.0.2.9", "X-Real-IP": "192.0.2.9", ...OPERATOR };
    await services.request("/v1/limits", { headers });
    expect(services.rateLimiters.public.keys).toEqual(["unknown"]);
  });
});

test("no answer and no log line repeats a credential, whatever was wrong with the request", async () => {
  const services = new FakeServices();
  services.readiness = () => Promise.reject(new Error("a bug"));
  const secret = "hunter2hunter2";
  const json = { ...JSON_TYPE, ...LIVE_OPS };
  const requests: [path: string, init: RequestInit][] = [
    ["/v1/progress", { headers: { Authorization: `Bearer ${secret}` } }],
    ["/v1/progress", { headers: { Authorization: `Basic ${secret}` } }],
    ["/v1/admin/shards", { headers: { Authorization: `Bearer gk_${secret}_${secret}` } }],
    ["/v1/progress", { headers: { ...PLAYER, Cookie: secret, "X-Api-Key": secret } }],
    ["/readyz", { headers: { Authorization: `Bearer ${secret}`, Cookie: secret } }],
    ["/v1/admin/catalog", { method: "PUT", headers: json, body: "{" }],
    ["/v1/events", { method: "POST", headers: { ...JSON_TYPE, ...GAME_SERVER }, body: "[1]" }],
    [`/v1/admin/players/${"x".repeat(101)}`, { headers: OPERATOR }],
  ];
  for (const [path, init] of requests) {
    const response = await services.request(path, init);
    expect((await response.text()) + JSON.stringify([...response.headers])).not.toContain(secret);
  }
  expect(services.logged).toHaveLength(requests.length);
  expect(JSON.stringify(services.logged)).not.toMatch(/hunter2|gk_|player-anna/);
});

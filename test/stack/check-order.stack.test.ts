import { describe, expect, test } from "vitest";

import { sharedApi } from "./api.ts";
import { expectProblem } from "./expect-answer.ts";
import { PLAYER_ROUTES, PUBLIC_ROUTES, SERVER_ROUTES } from "./routes.ts";

const api = sharedApi();

/** Longer than any player command may be, shorter than what events may be. */
const LONG = "x".repeat(100_000);
const ACTIVE = "/v1/challenges/modes/goals/count-score/active";

describe("what is checked first is told first", () => {
  test("a path that does not exist is 404, without credentials and with any method", async () => {
    for (const path of [
      "/",
      "/v1",
      "/v2/challenges",
      "/v1/challengesx",
      "/v1/challenges/",
      "/v1/events/1",
    ]) {
      expectProblem(await api.call(path), 404, "NOT_FOUND");
      expectProblem(await api.call(path, { method: "DELETE" }), 404, "NOT_FOUND");
    }
  });

  test("an id that is wrongly encoded is the id of nothing", async () => {
    const player = await api.player();
    for (const id of ["%", "%E0%A4%A", "%ZZ", "%00", "a".repeat(5_000)]) {
      expectProblem(await player.get(`/v1/challenges/${id}`), 404, "CHALLENGE_NOT_FOUND");
    }
  });

  test.each([...PLAYER_ROUTES, ...SERVER_ROUTES, ...PUBLIC_ROUTES])(
    "$path names its methods to one that is not among them, without credentials",
    async ({ path, method }) => {
      for (const other of ["PATCH", "OPTIONS"]) {
        const answer = await api.call(path, { method: other });
        expectProblem(answer, 405, "METHOD_NOT_ALLOWED");
        expect(answer.headers.get("Allow")?.split(", ")).toContain(method);
      }
    },
  );

  test("credentials before the body", async () => {
    const answer = await api.call(ACTIVE, { method: "PUT", body: LONG });
    expectProblem(answer, 401, "UNAUTHENTICATED");
  });

  test("permission before the body", async () => {
    const answer = await api.call("/v1/events", {
      method: "POST",
      as: api.key("catalogreadonly"),
      body: LONG,
    });
    expectProblem(answer, 403, "FORBIDDEN");
  });

  test("media type, then size, then JSON, then shape, then the domain", async () => {
    const player = await api.player();
    const json = { "Content-Type": "application/json" };
    const put = (path: string, body: string, headers: Record<string, string>) =>
      player.send("PUT", path, { body, headers });
    const text = { "Content-Type": "text/plain" };
    expectProblem(await put(ACTIVE, LONG, text), 415, "UNSUPPORTED_MEDIA_TYPE");
    expectProblem(await put(ACTIVE, LONG, json), 413, "BODY_TOO_LARGE");
    expectProblem(await put(ACTIVE, "{", json), 400, "INVALID_JSON");
    expectProblem(await put(ACTIVE, "", json), 400, "INVALID_JSON");
    const nowhere = "/v1/challenges/nowhere/goals/nothing/active";
    const shape = expectProblem(
      await put(nowhere, '{"isActive":"yes"}', json),
      400,
      "INVALID_REQUEST",
    );
    expect(shape.errors).toEqual([{ path: "$.isActive", message: expect.any(String) }]);
    expectProblem(await put(nowhere, '{"isActive":true}', json), 404, "CHALLENGE_NOT_FOUND");
    const other = "/v1/challenges/modes/goals/ends-goal/active";
    expectProblem(await put(other, '{"isActive":true}', json), 404, "GOAL_NOT_FOUND");
    expect((await put(ACTIVE, '{"isActive":true,"more":1}', json)).status).toBe(200);
  });
});

describe("a body", () => {
  test("may name its charset, or be any +json", async () => {
    const player = await api.player();
    for (const type of [
      "application/json; charset=utf-8",
      "APPLICATION/JSON",
      "application/merge-patch+json",
    ]) {
      const headers = { "Content-Type": type };
      const answer = await player.send("PUT", ACTIVE, { body: '{"isActive":true}', headers });
      expect([type, answer.status]).toEqual([type, 200]);
    }
  });

  test("of another encoding than gzip is 415", async () => {
    const player = await api.player();
    const headers = { "Content-Type": "application/json", "Content-Encoding": "br" };
    const answer = await player.send("PUT", ACTIVE, { body: '{"isActive":true}', headers });
    expectProblem(answer, 415, "UNSUPPORTED_MEDIA_TYPE");
  });

  test("that is no UTF-8, or nests too deeply, is no JSON", async () => {
    const player = await api.player();
    const headers = { "Content-Type": "application/json" };
    for (const body of [
      Uint8Array.of(0x22, 0xff, 0x22),
      `${"[".repeat(5_000)}${"]".repeat(5_000)}`,
    ]) {
      expectProblem(await player.send("PUT", ACTIVE, { body, headers }), 400, "INVALID_JSON");
    }
  });

  test.each(["null", "[]", "1", '"isActive"', "{}", '{"isActive":null}', '{"isActive":1}'])(
    "of %s is not the shape that activation needs",
    async (body) => {
      const player = await api.player();
      const headers = { "Content-Type": "application/json" };
      expectProblem(await player.send("PUT", ACTIVE, { body, headers }), 400, "INVALID_REQUEST");
    },
  );
});

describe("every answer", () => {
  test("has a request id of its own, or the caller's", async () => {
    const ids = new Set<string | null>();
    for (const path of ["/healthz", "/nowhere", "/v1/progress", "/v1/catalog"]) {
      ids.add((await api.call(path)).headers.get("X-Request-Id"));
    }
    expect(ids.size).toBe(4);
    const headers = { "X-Request-Id": "trace-1" };
    expect((await api.call("/healthz", { headers })).headers.get("X-Request-Id")).toBe("trace-1");
    const odd = { "X-Request-Id": "a b" };
    expect((await api.call("/healthz", { headers: odd })).headers.get("X-Request-Id")).not.toBe(
      "a b",
    );
  });

  test("lets no cache keep what it must not", async () => {
    const player = await api.player();
    const initialized = await player.initialize();
    expect(initialized.headers.get("Cache-Control")).toMatch(/no-store/);
    expect((await api.call("/v1/progress")).headers.get("Cache-Control")).toMatch(/no-store/);
  });

  test("names no allowed origin to a browser, since none is configured", async () => {
    const headers = { Origin: "https://game.example" };
    const answer = await api.call("/v1/catalog", { headers });
    expect(answer.headers.get("Access-Control-Allow-Origin")).toBeNull();
  });
});

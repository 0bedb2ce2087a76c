import { describe, expect, test } from "vitest";

import { sharedApi } from "./api.ts";
import { expectBody, expectProblem } from "./expect-answer.ts";
import { catalogDocument } from "./shapes.ts";

const api = sharedApi();

describe("a player's document under its ETag", () => {
  const paths = ["/v1/challenges", "/v1/challenges?active_only=true", "/v1/progress"];
  test.each([...paths, "/v1/challenges/defaults"])(
    "%s is 304 until something changes",
    async (path) => {
      const player = await api.player();
      const first = await player.get(path);
      const tag = first.headers.get("ETag") ?? "";
      expect(tag).toMatch(/^W\/"[^"]+"$/);
      const again = await player.get(path, { "If-None-Match": tag });
      expect([again.status, again.text, again.headers.get("ETag")]).toEqual([304, "", tag]);
      expect((await player.get(path, { "If-None-Match": `"other", ${tag}` })).status).toBe(304);
      expect((await player.get(path, { "If-None-Match": '"other"' })).status).toBe(200);
      await player.does({ statCode: "kills", inc: 1 });
      const changed = await player.get(path, { "If-None-Match": tag });
      expect(changed.status).toBe(200);
      expect(changed.headers.get("ETag")).not.toBe(tag);
    },
  );

  test("is of one player and one filter only, and no shared cache may keep it", async () => {
    const [anna, bert] = [await api.player(), await api.player()];
    const first = await anna.get("/v1/challenges");
    expect(first.headers.get("Cache-Control")).toMatch(/private|no-store/);
    const tag = first.headers.get("ETag") ?? "";
    const headers = { "If-None-Match": tag };
    expect((await bert.get("/v1/challenges", headers)).status).toBe(200);
    expect((await anna.get("/v1/challenges?active_only=true", headers)).status).toBe(200);
  });
});

describe("GET /v1/catalog", () => {
  test("shows anybody the definitions of what has begun, under a strong ETag, for a minute", async () => {
    const answer = await api.call("/v1/catalog");
    const { catalogVersion, challenges } = expectBody(answer, 200, catalogDocument);
    expect(catalogVersion).toBe(api.access.catalogVersion);
    const ids = challenges.map(({ challengeId }) => challengeId);
    expect(ids).toEqual(expect.arrayContaining(["modes", "just-over", "long-over"]));
    expect(ids).not.toContain("tomorrow");
    expect(answer.headers.get("Cache-Control")).toMatch(/public.*max-age=60/);
    const tag = answer.headers.get("ETag") ?? "";
    expect(tag).toMatch(/^"[^"]+"$/);
    const again = await api.call("/v1/catalog", { headers: { "If-None-Match": tag } });
    expect([again.status, again.text]).toEqual([304, ""]);
    const named = await api.call("/v1/catalog?namespace=default");
    expect(named.text).toBe(answer.text);
  });

  test("refuses a namespace that cannot be one, and has no catalog of an unknown one", async () => {
    expectProblem(await api.call("/v1/catalog?namespace=A_B"), 400, "INVALID_REQUEST");
    expectProblem(await api.call("/v1/catalog?namespace=nobody"), 503, "NO_CATALOG");
  });
});

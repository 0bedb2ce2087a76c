import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { Api } from "./api.ts";
import { startContractStack, type ContractStack } from "./contract-stack.ts";
import { expectProblem } from "./expect-answer.ts";
import { tokenWith } from "./forged-tokens.ts";

// A stack of its own: it is configured in another way.
const folder = mkdtempSync(join(tmpdir(), "gauntlet-configured-"));
const ORIGIN = "https://play.example.com";

let running: ContractStack;
let api: Api;

beforeAll(async () => {
  chmodSync(folder, 0o711);
  running = await startContractStack(folder, {
    vars: { BASE_PATH: "/challenge", CORS_ORIGINS: ORIGIN, JWT_AUDIENCE: "game", SHARD_COUNT: "2" },
  });
  api = new Api(running.access);
});

afterAll(async () => {
  await running.stack.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("BASE_PATH stands before every path of the API, and probes work without it too", async () => {
  expect(running.access.url).toMatch(/\/challenge$/);
  expect((await api.call("/v1/catalog")).status).toBe(200);
  expect((await api.call("/healthz")).status).toBe(200);
  const { origin } = new URL(running.access.url);
  const statuses = ["/healthz", "/readyz", "/v1/catalog", "/challengev1/catalog"].map(
    async (path) => (await fetch(origin + path)).status,
  );
  expect(await Promise.all(statuses)).toEqual([200, 200, 404, 404]);
});

test("JWT_AUDIENCE is asked of every token", async () => {
  for (const aud of [undefined, "other", ["other"]]) {
    const as = await tokenWith(running.access, { aud });
    expectProblem(await api.call("/v1/progress", { as }), 401, "UNAUTHENTICATED");
  }
  for (const aud of ["game", ["other", "game"]]) {
    const as = await tokenWith(running.access, { aud });
    expect((await api.call("/v1/progress", { as })).status).toBe(200);
  }
});

test("CORS_ORIGINS lets a browser game of that origin in, and no other", async () => {
  const preflight = (Origin: string) =>
    api.call("/v1/challenges", {
      method: "OPTIONS",
      headers: { Origin, "Access-Control-Request-Method": "GET" },
    });
  const allowed = await preflight(ORIGIN);
  expect(allowed.status).toBe(204);
  expect(allowed.headers.get("Access-Control-Allow-Origin")).toBe(ORIGIN);
  expect(allowed.headers.get("Access-Control-Allow-Headers")).toMatch(/authorization/i);
  expectProblem(await preflight("https://evil.example"), 405, "METHOD_NOT_ALLOWED");
  const refused = await api.call("/v1/progress", { headers: { Origin: ORIGIN } });
  expectProblem(refused, 401, "UNAUTHENTICATED");
  expect(refused.headers.get("Access-Control-Allow-Origin")).toBe(ORIGIN);
  expect(refused.headers.get("Vary")).toMatch(/Origin/);
});

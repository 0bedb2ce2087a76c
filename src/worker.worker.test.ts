import {
  createExecutionContext,
  createScheduledController,
  waitOnExecutionContext,
} from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { expect, test } from "vitest";

import worker from "./worker.ts";

const URL_BASE = "http://gauntlet.test";

async function ask(path: string, init: RequestInit = {}) {
  const response = await exports.default.fetch(`${URL_BASE}${path}`, init);
  return { status: response.status, body: await response.text() };
}

test("the deployed Worker answers its public routes", async () => {
  expect(await ask("/healthz")).toMatchObject({ status: 200 });
  expect(await ask("/v1/limits")).toMatchObject({ status: 200 });
  expect(await ask("/nowhere")).toMatchObject({ status: 404 });
  expect(await ask("/v1/challenges")).toMatchObject({ status: 401 });
});

/** Through the Worker's own handler, with other vars than the deployment's. */
async function askWith(vars: Partial<Env>, path: string): Promise<Response> {
  const context = createExecutionContext();
  const request = new Request<unknown, IncomingRequestCfProperties>(URL_BASE + path);
  const response = await worker.fetch(request, { ...env, ...vars }, context);
  await waitOnExecutionContext(context);
  return response;
}

test("it is not ready before a catalog is published, and says so", async () => {
  const response = await askWith({ DEFAULT_NAMESPACE: "nobody" }, "/readyz");
  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({
    code: "NO_CATALOG",
    errors: [{ path: "catalog" }],
  });
});

test("an issuer that nobody can reach is our fault, not the player's", async () => {
  // A well-formed token; the issuer of the test's configuration listens nowhere.
  const part = (value: object) => btoa(JSON.stringify(value)).replaceAll("=", "");
  const token = `${part({ alg: "ES256", kid: "k" })}.${part({ sub: "anna" })}.c2ln`;
  const headers = { Authorization: `Bearer ${token}` };
  const { status, body } = await ask("/v1/challenges", { headers });
  expect(status).toBe(500);
  expect(body).toContain('"INTERNAL"');
});

test("with a wrong var it stays alive, and /readyz names the var", async () => {
  const vars = { SHARD_COUNT: "many" };
  expect((await askWith(vars, "/healthz")).status).toBe(200);
  const ready = await askWith(vars, "/readyz");
  expect(ready.status).toBe(503);
  expect(await ready.text()).toContain("SHARD_COUNT");
  expect((await askWith(vars, "/v1/limits")).status).toBe(500);
});

test("the cron reaches every shard and the catalog pointer without a catalog in place", async () => {
  await expect(worker.scheduled(createScheduledController(), env)).resolves.toBeUndefined();
});

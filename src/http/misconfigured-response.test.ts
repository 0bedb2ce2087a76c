import { expect, test } from "vitest";

import { misconfiguredResponse } from "./misconfigured-response.ts";

const PROBLEMS = ["DATABASE_URL is missing", "SHARD_COUNT must be a whole number"];

function answer(path: string): Response {
  return misconfiguredResponse(new Request(`http://localhost${path}`), PROBLEMS, "r-1");
}

test("a deployment with wrong vars is alive, but says at /readyz what is wrong", async () => {
  expect(answer("/healthz").status).toBe(200);
  const ready = answer("/challenge/readyz");
  expect(ready.status).toBe(503);
  expect(ready.headers.get("X-Request-Id")).toBe("r-1");
  expect(await ready.json()).toMatchObject({
    status: 503,
    errors: PROBLEMS.map((message) => ({ path: "configuration", message })),
  });
});

test("everything else is 500 without a word about the vars", async () => {
  const response = answer("/v1/challenges");
  const text = await response.text();
  expect(response.status).toBe(500);
  expect(text).toContain('"code":"INTERNAL"');
  expect(text).not.toContain("DATABASE_URL");
});

import { expect } from "vitest";
import type * as z from "zod";

import type { Answer } from "./api.ts";
import { problem, type Problem } from "./shapes.ts";

/** The body of an answer that must have this status and exactly this shape. */
export function expectBody<Shape>(answer: Answer, status: number, schema: z.ZodType<Shape>): Shape {
  expect(answer.status, answer.text).toBe(status);
  expect(answer.headers.get("Content-Type")).toBe("application/json");
  expect(answer.headers.get("X-Request-Id")).toMatch(/./);
  return schema.parse(answer.json);
}

/** The problem of an answer that must be this refusal, with all that the contract promises of every refusal. */
export function expectProblem(answer: Answer, status: number, code: string): Problem {
  expect(`${answer.status} ${code}`, answer.text).toBe(`${status} ${code}`);
  expect(answer.headers.get("Content-Type")).toBe("application/problem+json");
  expect(answer.headers.get("X-Request-Id")).toMatch(/./);
  const said = problem.parse(answer.json);
  expect(said).toMatchObject({ status, code });
  if (status === 401) expect(answer.headers.get("WWW-Authenticate")).toMatch(/^Bearer/);
  if (status === 405) expect(answer.headers.get("Allow")).toMatch(/^[A-Z]+(, [A-Z]+)*$/);
  if (status === 429 || status === 503) expect(answer.headers.get("Retry-After")).toMatch(/^\d+$/);
  return said;
}

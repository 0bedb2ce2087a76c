import { expect } from "vitest";

import type { Answer } from "./api.ts";
import { expectProblem } from "./expect-answer.ts";
import type { FuzzRequest } from "./fuzz-send.ts";
import { problem } from "./shapes.ts";

/** What must be true of every answer of a healthy stack, whatever was asked. */
export function expectSaneAnswer({ method, headers: sent }: FuzzRequest, answer: Answer): void {
  const { status, headers, text, json } = answer;
  const requestId = headers.get("X-Request-Id");
  expect(requestId ?? `none, in: ${status} ${text}`).toMatch(SANE_ID);
  const proposed = sent["X-Request-Id"];
  if (proposed !== undefined && SANE_ID.test(proposed)) expect(requestId).toBe(proposed);
  expect(text).not.toMatch(INTERNALS);
  expect(JSON.stringify([...headers])).not.toMatch(INTERNALS);
  expect(text).not.toMatch(UNHEALTHY);
  if (status >= 500) expect(`${status} ${codeOf(json)}`).toBe("503 NO_CATALOG");
  if (status === 204 || status === 304 || method === "HEAD") {
    expect(text).toBe("");
    return;
  }
  if (status === 200 && OPEN_METRICS.test(headers.get("Content-Type") ?? "")) {
    expect(text.endsWith("# EOF\n")).toBe(true);
    return;
  }
  if (status < 400) {
    expect(headers.get("Content-Type")).toBe("application/json");
    expect(json).toBeInstanceOf(Object);
    return;
  }
  const said = expectProblem(answer, status, codeOf(json));
  expect(said.instance).toBe(`urn:gauntlet:request:${requestId}`);
  expect(said.detail).not.toBe("");
}

/** As the Worker takes it over from a caller, and makes it itself. */
const SANE_ID = /^[\w.:-]{1,128}$/;
/** Stack traces, files, and addresses of what stands behind the API. */
const INTERNALS =
  /\bat \S+ \(|\.[jt]s:\d|node_modules|127\.0\.0\.1|localhost|postgres(ql)?:|\w+Error:/;
/** Codes of a stack that something is wrong with: here nothing is. */
const UNHEALTHY = /"(INTERNAL|SHARD_UNAVAILABLE|SHARD_OVERLOADED|DATABASE_UNAVAILABLE)"/;

/** The one answer that is no JSON. */
const OPEN_METRICS = /^application\/openmetrics-text;/;

function codeOf(json: unknown): string {
  const parsed = problem.safeParse(json);
  return parsed.success ? parsed.data.code : "without a problem";
}

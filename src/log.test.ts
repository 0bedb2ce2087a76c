import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { FailureError } from "./core/errors.ts";
import { logEvent, logProblem, logRequest, type RequestRecord } from "./log.ts";

let lines: Record<string, unknown>[];

beforeEach(() => {
  lines = [];
  for (const level of ["info", "warn", "error"] as const) {
    vi.spyOn(console, level).mockImplementation(
      (line: string) => void lines.push(JSON.parse(line)),
    );
  }
});

afterEach(() => {
  vi.restoreAllMocks();
});

function aRecord(wish: Partial<RequestRecord> = {}): RequestRecord {
  return {
    requestId: "r-1",
    method: "GET",
    route: "/v1/challenges",
    status: 200,
    milliseconds: 12,
    namespace: "default",
    shard: "g1-8-3",
    keyId: null,
    code: null,
    error: undefined,
    ...wish,
  };
}

test("a request is one line with fixed fields", () => {
  logRequest(aRecord());
  expect(lines).toEqual([
    {
      level: "info",
      message: "request",
      requestId: "r-1",
      method: "GET",
      route: "/v1/challenges",
      status: 200,
      milliseconds: 12,
      namespace: "default",
      shard: "g1-8-3",
      keyId: null,
      code: null,
    },
  ]);
});

test("an unexpected error is told with its stack and its causes, an expected one without stack", () => {
  const cause = new Error("connection reset");
  logRequest(aRecord({ status: 500, code: "INTERNAL", error: new Error("No luck", { cause }) }));
  const failure = { code: "DATABASE_UNAVAILABLE", detail: "Away." } as const;
  const error = new FailureError(failure, { cause });
  logRequest(aRecord({ status: 503, code: "DATABASE_UNAVAILABLE", error }));
  expect(lines[0]).toMatchObject({
    level: "error",
    error: {
      message: "No luck",
      stack: expect.any(String),
      cause: { message: "connection reset" },
    },
  });
  expect(lines[1]).toMatchObject({
    level: "warn",
    error: { cause: { message: "connection reset" } },
  });
  expect(lines[1]).not.toHaveProperty("error.stack");
});

test("a circle of causes ends", () => {
  const error = new Error("round");
  error.cause = error;
  logEvent("cron-shards", { requestId: "r-1" }, error);
  expect(lines).toHaveLength(1);
});

test("problems alone can be logged", () => {
  logProblem(aRecord());
  logProblem(aRecord({ status: 404, code: "NOT_FOUND" }));
  expect(lines).toMatchObject([{ level: "info", status: 404 }]);
});

import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { FakeServices, LIVE_OPS, OPERATOR, PLAYER } from "../../test/support/fake-services.ts";
import { pathOf } from "../../test/support/route-access.ts";
import { plausibleBody } from "../../test/support/route-body.ts";
import { logRequest, type RequestRecord } from "../log.ts";
import { ROUTES } from "./routes.ts";

/** Stands in everything that a caller can send, credentials or not. No namespace: that is an id, and checked to look like one. */
const SECRET = "Hunter2Hunter2";
const KEY = `gk_game_${SECRET}`;
const TOKEN = `eyJhbGciOiJFUzI1NiJ9.${SECRET}.c2lnbmF0dXJl`;

class LoggingServices extends FakeServices {
  // As in a deployment with LOG_REQUESTS=all.
  override readonly log = (record: RequestRecord) => logRequest(record);
}

let lines: string[];

beforeEach(() => {
  lines = [];
  for (const level of ["info", "warn", "error"] as const) {
    vi.spyOn(console, level).mockImplementation((line: string) => void lines.push(line));
  }
});

afterEach(() => {
  vi.restoreAllMocks();
});

test.each(ROUTES.map((route) => ({ title: `${route.method} ${route.path}`, route })))(
  "$title writes no text of its caller into the log, wherever that stands",
  async ({ route }) => {
    const services = new LoggingServices();
    const text = { challengeId: SECRET, goalId: SECRET, userId: SECRET };
    const body = JSON.stringify({
      ...plausibleBody(route, SECRET),
      name: SECRET,
      statCode: SECRET,
    });
    const credentials = [
      `Bearer ${KEY}`,
      `Bearer ${TOKEN}`,
      `Basic ${SECRET}`,
      PLAYER.Authorization,
    ];
    const requestIds = [KEY, TOKEN, `Bearer ${SECRET}`];
    for (const Authorization of credentials) {
      for (const requestId of requestIds) {
        await services.request(`${pathOf(route, text)}?namespace=${SECRET}&state=${SECRET}`, {
          method: route.method,
          headers: {
            Authorization,
            "X-Request-Id": requestId,
            "Idempotency-Key": SECRET,
            "If-None-Match": SECRET,
            "If-Match": SECRET,
            Cookie: SECRET,
            "Content-Type": "application/json",
          },
          ...(route.method === "GET" ? {} : { body }),
        });
      }
    }
    expect(lines).toHaveLength(credentials.length * requestIds.length);
    expect(lines.join("\n")).not.toContain(SECRET);
  },
);

test("a line about a request has these fields and no others", async () => {
  const services = new LoggingServices();
  await services.request("/v1/progress", { headers: { ...PLAYER, "X-Request-Id": "trace-1" } });
  expect(JSON.parse(lines[0] ?? "")).toEqual({
    level: "info",
    message: "request",
    requestId: "trace-1",
    method: "GET",
    route: "/v1/progress",
    status: 200,
    milliseconds: 0,
    namespace: "default",
    shard: null,
    keyId: null,
    code: null,
  });
});

test("the line of an operator, whose key has no namespace, names none", async () => {
  const services = new LoggingServices();
  await services.request("/v1/admin/shards", { headers: OPERATOR });
  await services.request("/v1/admin/catalog", { headers: LIVE_OPS });
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { keyId: "operator", namespace: null },
    { keyId: "liveops", namespace: "default" },
  ]);
});

test("a path that is none, and a method that is none, are not repeated", async () => {
  const services = new LoggingServices();
  await services.request(`/${SECRET}`, { method: "HUNTER2HUNTER2" });
  expect(lines.join()).not.toMatch(/hunter2/i);
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({ method: "other", route: null, status: 404 });
});

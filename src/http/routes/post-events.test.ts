import { describe, expect, test } from "vitest";

import { ACCEPTED } from "../../../test/support/fake-players.ts";
import { FakeServices, GAME_SERVER } from "../../../test/support/fake-services.ts";
import type { EventResult } from "../../core/operation.ts";

const event = (id: string) => ({ id, userId: "anna", type: "login" });
const duplicate: EventResult = { ...ACCEPTED, status: "duplicate" };
const unavailable: EventResult = {
  status: "rejected",
  code: "SHARD_UNAVAILABLE",
  detail: "It may have been applied.",
  retryable: true,
};

async function post(services: FakeServices, body: unknown, path = "/v1/events") {
  const response = await services.send("POST", path, body, GAME_SERVER);
  return { status: response.status, headers: response.headers, body: await response.json() };
}

describe("a well-formed body is 202", () => {
  test("for a single event", async () => {
    const services = new FakeServices();
    const { status, body } = await post(services, event("e1"));
    expect(status).toBe(202);
    expect(body).toEqual({ accepted: 1, duplicates: 0, ignored: 0, rejected: 0, results: [] });
    expect(services.players.events).toMatchObject([
      { namespace: "default", event: { id: "e1", source: "login" }, pointer: { seq: 1 } },
    ]);
  });

  test("for a batch, with what was not plainly accepted listed in order", async () => {
    const services = new FakeServices();
    services.players.judge = ({ id }) =>
      id === "e2" ? duplicate : id === "e4" ? { ...ACCEPTED, status: "ignored" } : ACCEPTED;
    const events = [event("e1"), event("e2"), { id: "e3" }, event("e4"), 7];
    const { status, body } = await post(services, { events });
    expect(status).toBe(202);
    expect(body).toMatchObject({ accepted: 1, duplicates: 1, ignored: 1, rejected: 2 });
    expect(body.results).toEqual([
      { index: 1, id: "e2", status: "duplicate", code: null, detail: null, retryable: false },
      expect.objectContaining({ index: 2, id: "e3", code: "INVALID_REQUEST", retryable: false }),
      { index: 3, id: "e4", status: "ignored", code: null, detail: null, retryable: false },
      expect.objectContaining({ index: 4, id: null, status: "rejected" }),
    ]);
  });

  test("with every result on ?results=all", async () => {
    const { body } = await post(new FakeServices(), event("e1"), "/v1/events?results=all");
    expect(body.results).toEqual([{ index: 0, id: "e1", ...ACCEPTED }]);
  });

  test("even if every item is invalid, a single event too, and without a catalog", async () => {
    const services = new FakeServices();
    services.catalogs.history = [];
    expect(await post(services, { type: "login" })).toMatchObject({
      status: 202,
      body: { rejected: 1, results: [{ index: 0, id: null, code: "INVALID_REQUEST" }] },
    });
    expect(await post(services, { events: [{}, null] })).toMatchObject({ status: 202 });
    expect(services.players.events).toEqual([]);
  });

  test("when a part was taken and the rest can be tried again", async () => {
    const services = new FakeServices();
    services.players.judge = ({ id }) => (id === "e2" ? unavailable : ACCEPTED);
    const { status, body } = await post(services, { events: [event("e1"), event("e2")] });
    expect(status).toBe(202);
    expect(body.results).toMatchObject([{ index: 1, code: "SHARD_UNAVAILABLE", retryable: true }]);
  });
});

describe("the whole request is refused", () => {
  test("with 503 and Retry-After only when nothing at all was taken", async () => {
    const services = new FakeServices();
    services.players.judge = () => unavailable;
    const { status, headers, body } = await post(services, { events: [event("e1"), {}] });
    expect(status).toBe(503);
    expect(body.code).toBe("SHARD_UNAVAILABLE");
    expect(headers.get("Retry-After")).toBe("1");
  });

  test("with 503 NO_CATALOG for a namespace without one", async () => {
    const services = new FakeServices();
    const headers = { Authorization: "Bearer gk_elsewhere_secret" };
    const response = await services.send("POST", "/v1/events", event("e1"), headers);
    expect(response.status).toBe(503);
    expect((await response.json()).code).toBe("NO_CATALOG");
  });

  test.each<[string, unknown]>([
    ["an array", [event("e1")]],
    ["text", "event"],
    ["an object that is no event", { hello: "world" }],
    ["an empty batch", { events: [] }],
    ["a batch that is none", { events: {} }],
  ])("with 400 when it is neither shape: %s", async (_, body) => {
    expect(await post(new FakeServices(), body)).toMatchObject({
      status: 400,
      body: { code: "INVALID_REQUEST", errors: [{ path: expect.stringMatching(/^\$/) }] },
    });
  });

  test("with 413 over 500 items; 500 are fine", async () => {
    const many = (count: number) => Array.from({ length: count }, (_, n) => event(`e${n}`));
    const full = await post(new FakeServices(), { events: many(500) });
    expect(full).toMatchObject({ status: 202, body: { accepted: 500 } });
    const over = await post(new FakeServices(), { events: many(501) });
    expect(over).toMatchObject({ status: 413, body: { code: "BODY_TOO_LARGE" } });
  });
});

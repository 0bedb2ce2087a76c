import { gzipSync } from "node:zlib";

import { describe, expect, test } from "vitest";

import { sharedApi, type Answer } from "./api.ts";
import { expectBody, expectProblem } from "./expect-answer.ts";
import { accepted } from "./shapes.ts";

const api = sharedApi();

const MIB = 1_048_576;

function post(body: string | Uint8Array<ArrayBuffer>, headers: object = {}): Promise<Answer> {
  return api.call("/v1/events", {
    method: "POST",
    as: api.key("local"),
    body,
    headers: { "Content-Type": "application/json", ...headers },
  });
}

function postGzip(text: string): Promise<Answer> {
  return post(Uint8Array.from(gzipSync(text)), { "Content-Encoding": "gzip" });
}

/** One event as JSON of exactly so many bytes. */
async function eventOfBytes(bytes: number): Promise<string> {
  const player = await api.player();
  const event = player.event({ statCode: "kills", inc: 1, padding: "" });
  const missing = bytes - JSON.stringify(event).length;
  return JSON.stringify({ ...event, padding: "x".repeat(missing) });
}

describe("the body of POST /v1/events", () => {
  test("is one event or a list of them, and 400 when it is neither", async () => {
    const neither = ["null", "1", '"events"', "[]", "{}", '{"events":{}}', '{"events":[]}'];
    for (const body of [...neither, '{"events":null}', '{"event":[]}']) {
      const { errors } = expectProblem(await post(body), 400, "INVALID_REQUEST");
      expect(errors?.length).toBe(1);
    }
    for (const body of ["", "{", '{"events":[}', "events", "NaN", "{'id':1}"]) {
      expectProblem(await post(body), 400, "INVALID_JSON");
    }
  });

  test("has at most 1 MiB, to the byte", async () => {
    expect((await post(await eventOfBytes(MIB))).status).toBe(202);
    expectProblem(await post(await eventOfBytes(MIB + 1)), 413, "BODY_TOO_LARGE");
    expectProblem(await post("x".repeat(5 * MIB)), 413, "BODY_TOO_LARGE");
  });

  test("may be packed with gzip, and has at most 1 MiB when unpacked", async () => {
    const packed = await postGzip(await eventOfBytes(MIB));
    expect(expectBody(packed, 202, accepted)).toMatchObject({ accepted: 1 });
    expectProblem(await postGzip(await eventOfBytes(MIB + 1)), 413, "BODY_TOO_LARGE");
  });

  test("is not unpacked to the end when it is a gzip bomb", async () => {
    const bomb = " ".repeat(200 * MIB);
    expectProblem(await postGzip(bomb), 413, "BODY_TOO_LARGE");
    expect((await api.call("/healthz")).status).toBe(200);
  });

  test("is no JSON when it only claims to be gzip, or ends too early", async () => {
    const event = await eventOfBytes(300);
    const gzip = { "Content-Encoding": "gzip" };
    expectProblem(await post(event, gzip), 400, "INVALID_JSON");
    const whole = Uint8Array.from(gzipSync(event));
    expectProblem(await post(whole.slice(0, -20), gzip), 400, "INVALID_JSON");
    expect((await post(whole, gzip)).status).toBe(202);
  });

  test("needs a media type that is JSON", async () => {
    const event = await eventOfBytes(300);
    for (const type of ["text/plain", "application/x-ndjson", "multipart/form-data", ""]) {
      const answer = await post(event, { "Content-Type": type });
      expectProblem(answer, 415, "UNSUPPORTED_MEDIA_TYPE");
    }
  });

  test("may hold a hundred thousand brackets without harm", async () => {
    const deep = '{"events":['.repeat(50_000);
    expectProblem(await post(deep), 400, "INVALID_JSON");
    const player = await api.player();
    const brackets = player.event({ statCode: "kills", inc: 1, note: "[".repeat(100_000) });
    expect((await post(JSON.stringify(brackets))).status).toBe(202);
  });
});

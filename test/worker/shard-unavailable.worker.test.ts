import { env } from "cloudflare:workers";
import { expect, test } from "vitest";

import { askWorker } from "./ask-worker.ts";
import { aShard } from "./shard-in-workerd.ts";

/** What the platform throws: an error with marks on it. */
function platformError(marks: object): Error {
  return Object.assign(new Error("Internal error at 10.0.0.7 while starting the object."), marks);
}

/** The shards of this Worker, of which every call fails while `failures` lasts; counts the calls. */
function failingShards(failures: number, marks: object) {
  const seen = { calls: 0 };
  const namespace: Env["SHARDS"] = new Proxy(env.SHARDS, {
    get: (shards, name) => {
      if (name !== "getByName") return Reflect.get(shards, name);
      return (shard: string) => {
        seen.calls++;
        if (seen.calls > failures) return shards.getByName(shard);
        return { view: fail, submit: fail, command: fail, status: fail };
      };
    },
  });
  const fail = () => Promise.reject(platformError(marks));
  return { namespace, seen };
}

const EVENT = { id: "e1", userId: "ada", type: "statistic", statCode: "kills", inc: 1 };
const POST_EVENT = { method: "POST", body: JSON.stringify(EVENT) };

test.each([
  { marks: {}, code: "SHARD_UNAVAILABLE", tries: 1 },
  { marks: { retryable: true }, code: "SHARD_UNAVAILABLE", tries: 3 },
  { marks: { overloaded: true, retryable: true }, code: "SHARD_OVERLOADED", tries: 1 },
])("a shard that fails with $marks is $code after $tries tries", async ({ marks, code, tries }) => {
  const { namespace } = await aShard();
  for (const [path, init] of [
    ["/v1/admin/players/ada", { method: "GET" }],
    ["/v1/admin/players/ada/reset", { method: "POST" }],
    ["/v1/events", POST_EVENT],
  ] as const) {
    const { namespace: shards, seen } = failingShards(Infinity, marks);
    const response = await askWorker(namespace, path, init, { SHARDS: shards });
    const text = await response.text();
    expect([path, response.status, seen.calls]).toEqual([path, 503, tries]);
    expect(response.headers.get("Retry-After")).toBe("1");
    expect(JSON.parse(text)).toMatchObject({ code });
    expect(text).not.toContain("10.0.0.7");
  }
});

test("a shard that is back at the second try answers as if nothing had been, and counts once", async () => {
  const { namespace } = await aShard();
  const { namespace: shards, seen } = failingShards(1, { retryable: true });
  const response = await askWorker(namespace, "/v1/events", POST_EVENT, { SHARDS: shards });
  expect(response.status).toBe(202);
  expect(await response.json()).toMatchObject({ accepted: 1, rejected: 0 });
  expect(seen.calls).toBe(2);
});

test("a namespace without a catalog is 503 NO_CATALOG, and says to come back later", async () => {
  const response = await askWorker("nobody", "/v1/events", POST_EVENT);
  expect(response.status).toBe(503);
  expect(Number(response.headers.get("Retry-After"))).toBeGreaterThan(1);
  expect(await response.json()).toMatchObject({ code: "NO_CATALOG" });
});

import { createServer } from "node:http";
import { json } from "node:stream/consumers";

import { expect, onTestFinished, test } from "vitest";

import { LOOPBACK } from "./ports.ts";
import { publishAtStart, type StartCatalog } from "./publish-at-start.ts";

/** A Worker that knows the admin catalog only: a catalog's version is its name, and one without a name is invalid. */
async function aWorker(active: string | null) {
  const worker = { active, published: [] as string[], baseUrl: "" };
  const server = createServer((request, response) => {
    void answer();
    async function answer() {
      const [status, document] = request.method === "PUT" ? await put() : get();
      response.writeHead(status, { "Content-Type": "application/json" });
      response.end(JSON.stringify(document));
    }
    function get(): [number, unknown] {
      return worker.active === null
        ? [503, { code: "NO_CATALOG", detail: "none yet" }]
        : [200, { version: worker.active }];
    }
    async function put(): Promise<[number, unknown]> {
      const { name } = Object(await json(request));
      if (typeof name !== "string") {
        const errors = [
          { path: "$.name", message: "is missing" },
          { path: "$.nam", message: "is unknown" },
        ];
        return [422, { code: "INVALID_CATALOG", detail: "2 problems", errors }];
      }
      if (!request.url?.includes("dryRun=true")) {
        worker.active = name;
        worker.published.push(name);
      }
      return [200, { version: name }];
    }
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, LOOPBACK, () => {
      const address = server.address();
      resolve(address !== null && typeof address === "object" ? address.port : 0);
    });
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  worker.baseUrl = `http://${LOOPBACK}:${port}`;
  return worker;
}

function start(baseUrl: string, more: Partial<StartCatalog> = {}): StartCatalog {
  return {
    target: { baseUrl, serverKey: "gk_local_1" },
    catalog: { path: "sample.json", document: { name: "sample" } },
    isChosen: false,
    lastPublished: null,
    log: () => {},
    ...more,
  };
}

test("the first start publishes the sample", async () => {
  const worker = await aWorker(null);
  const result = await publishAtStart(start(worker.baseUrl));
  expect(result).toEqual({ active: "sample", published: "sample" });
  expect(worker.published).toEqual(["sample"]);
});

test("a catalog that is active already is not activated again", async () => {
  const worker = await aWorker("sample");
  await publishAtStart(start(worker.baseUrl, { lastPublished: "sample" }));
  await publishAtStart(start(worker.baseUrl, { isChosen: true }));
  expect(worker.published).toEqual([]);
});

test("an edited sample replaces the one before", async () => {
  const worker = await aWorker("old");
  await publishAtStart(start(worker.baseUrl, { lastPublished: "old" }));
  expect(worker.active).toBe("sample");
});

test("a catalog that came through the API stays, unless the developer names a file", async () => {
  const worker = await aWorker("theirs");
  const kept = await publishAtStart(start(worker.baseUrl, { lastPublished: "sample" }));
  expect(kept).toEqual({ active: "theirs", published: "sample" });
  expect(worker.published).toEqual([]);
  await publishAtStart(start(worker.baseUrl, { lastPublished: "sample", isChosen: true }));
  expect(worker.active).toBe("sample");
});

test("an invalid catalog is refused with every problem and its path", async () => {
  const worker = await aWorker(null);
  const catalog = { path: "bad.json", document: {} };
  await expect(publishAtStart(start(worker.baseUrl, { catalog }))).rejects.toThrow(
    /bad\.json is not valid \(2 problems\):\n {2}\$\.name: is missing\n {2}\$\.nam: is unknown/,
  );
});

test("a Worker that is not there is named", async () => {
  await expect(publishAtStart(start(`http://${LOOPBACK}:1`))).rejects.toThrow(
    `Nothing answers at http://${LOOPBACK}:1`,
  );
});

import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect, test } from "vitest";

import { findFreePort, LOOPBACK } from "./ports.ts";
import { descendantsOf } from "./processes.ts";
import { startStack, type StackOptions } from "./stack.ts";
import { queryDirectly } from "./testing/query-directly.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

const REPOSITORY = fileURLToPath(new URL("..", import.meta.url));

/** The smallest Worker that the stack accepts: it counts in a Durable Object and takes any catalog. */
const SMALL_WORKER = `
import { DurableObject } from "cloudflare:workers";
export class Shard extends DurableObject {
  count() {
    const n = (this.ctx.storage.kv.get("n") ?? 0) + 1;
    this.ctx.storage.kv.put("n", n);
    return n;
  }
}
let active = null;
export default {
  async fetch(request, env) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/count") return Response.json(await env.SHARDS.getByName("one").count());
    if (pathname === "/vars") return Response.json({ url: env.DATABASE_URL, keys: JSON.parse(env.API_KEYS) });
    if (pathname !== "/v1/admin/catalog") return new Response("ok");
    if (request.method === "PUT" && !searchParams.has("dryRun")) active = "v1";
    if (request.method === "GET" && active === null) return Response.json({ code: "NO_CATALOG", detail: "" }, { status: 503 });
    return Response.json({ version: "v1" });
  },
};`;

async function aStack(worker = SMALL_WORKER): Promise<StackOptions & { lines: string[] }> {
  const projectFolder = join(temporaryFolder(), "project");
  mkdirSync(projectFolder);
  const configuration = readFileSync(join(REPOSITORY, "wrangler.toml"), "utf8");
  writeFileSync(
    join(projectFolder, "wrangler.toml"),
    configuration.replace("src/worker.ts", "worker.js"),
  );
  writeFileSync(join(projectFolder, "worker.js"), worker);
  const catalogFile = join(projectFolder, "catalog.json");
  writeFileSync(catalogFile, "{}");
  const lines: string[] = [];
  const stateDir = join(projectFolder, "state");
  const log = (line: string) => void lines.push(line);
  return { port: await findFreePort(), stateDir, catalogFile, log, projectFolder, lines };
}

async function read(url: string): Promise<unknown> {
  return (await fetch(url)).json();
}

function workerdPids(wranglerPid: number): number[] {
  return descendantsOf(wranglerPid)
    .filter(({ command }) => command.includes("workerd serve"))
    .map(({ pid }) => pid);
}

test("a stack keeps its state over a stop, the death of any workerd, and a start after a kill", async () => {
  const options = await aStack();
  const first = await startStack(options);
  const { url, wranglerPid } = first;
  expect(await read(`${url}/count`)).toBe(1);
  expect(await read(`${url}/vars`)).toMatchObject({
    url: first.databaseUrl,
    keys: [{ id: "local" }, { id: "operator", namespace: null }],
  });
  await queryDirectly(first.databaseUrl, "CREATE TABLE kept AS SELECT 1 AS n");

  // A second stack on the same folder is refused and harms nothing.
  await expect(startStack({ ...options, port: await findFreePort() })).rejects.toThrow(
    "Another local stack",
  );

  const pids = workerdPids(wranglerPid);
  expect(pids).toHaveLength(2);
  process.kill(pids[0] ?? 0, "SIGKILL");
  expect(await first.failed).toContain("workerd process");
  await first.stop();
  expect(workerdPids(wranglerPid)).toEqual([]);

  const second = await startStack(options);
  try {
    expect(second).toMatchObject({ serverKey: first.serverKey, databaseUrl: first.databaseUrl });
    expect(await read(`${url}/count`)).toBe(2);
    expect(await queryDirectly(second.databaseUrl, "SELECT n FROM kept")).toEqual([{ n: 1 }]);
    process.kill(workerdPids(second.wranglerPid)[1] ?? 0, "SIGKILL");
    expect(await second.failed).toContain("workerd process");
  } finally {
    await second.stop();
  }
});

test("an edited file reloads the Worker and does not end the stack", async () => {
  const options = await aStack();
  const stack = await startStack(options);
  try {
    const before = workerdPids(stack.wranglerPid);
    const file = join(options.projectFolder ?? "", "worker.js");
    writeFileSync(file, SMALL_WORKER.replace('new Response("ok")', 'Response.json("edited")'));
    await expect
      .poll(() => read(`${stack.url}/`).catch(() => null), { timeout: 15_000, interval: 200 })
      .toBe("edited");
    await expect.poll(() => workerdPids(stack.wranglerPid)).not.toEqual(before);
    const stillRunning = new Promise((resolve) => {
      setTimeout(resolve, 1_500, "running");
    });
    expect(await Promise.race([stack.failed, stillRunning])).toBe("running");
    // The new workerd is watched as the old one was.
    process.kill(workerdPids(stack.wranglerPid)[0] ?? 0, "SIGKILL");
    expect(await stack.failed).toContain("workerd process");
  } finally {
    await stack.stop();
  }
});

test("a port that is taken is named before anything is started", async () => {
  const options = await aStack();
  const server = createServer().listen(options.port, LOOPBACK);
  await once(server, "listening");
  await expect(startStack(options)).rejects.toThrow(`Port ${options.port} on 127.0.0.1 is taken`);
  server.close();
  expect(options.lines).toEqual([]);
});

test("a Worker that does not build ends the start with what wrangler said, and leaves nothing running", async () => {
  const options = await aStack("export default {");
  await expect(startStack(options)).rejects.toThrow(/did not answer.*ERROR/s);
  const left = descendantsOf(process.pid).filter(({ command }) =>
    command.includes(options.stateDir),
  );
  expect(left).toEqual([]);
});

import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { describe, expect, test } from "vitest";

import { findFreePort } from "./ports.ts";
import { descendantsOf, isStillRunning, sendSignal } from "./processes.ts";
import { queryDirectly } from "./testing/query-directly.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

const REPOSITORY = fileURLToPath(new URL("..", import.meta.url));
const FIXTURES = join(REPOSITORY, "..", "shared", "fixtures");

interface Run {
  readonly child: ChildProcess;
  readonly environment: NodeJS.ProcessEnv;
  readonly lines: string[];
  readonly exitCode: Promise<number | null>;
}

/** Runs the command as `npm run dev` does, in a state folder of its own. */
async function run(variables: NodeJS.ProcessEnv, options: string[] = []): Promise<Run> {
  // Whatever database the developer works with, a test makes its own.
  const own = { DATABASE_URL: "", PORT: String(await findFreePort()) };
  const environment = { ...process.env, ...own, ...variables };
  const child = spawn(process.execPath, ["dev/main.ts", ...options], {
    cwd: REPOSITORY,
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => lines.push(line));
  }
  const exitCode = once(child, "exit").then(([code]) => (typeof code === "number" ? code : null));
  return { child, environment, lines, exitCode };
}

async function untilUp({ lines, child }: Run): Promise<void> {
  await expect
    .poll(() => lines.some((line) => line.startsWith("Ctrl-C")) || child.exitCode !== null, {
      timeout: 40_000,
    })
    .toBe(true);
  if (child.exitCode !== null) throw new Error(lines.join("\n"));
}

/** Pastes the printed lines into a shell, one after the other. */
function pasteCurlLines({ lines }: Run): unknown[] {
  return lines
    .filter((line) => line.startsWith("curl "))
    .map((line) => JSON.parse(execFileSync("sh", ["-c", line], { encoding: "utf8" })));
}

function printedBy(command: string, options: string[], environment: NodeJS.ProcessEnv): string {
  const file = join("dev", `${command}.ts`);
  const settings = { cwd: REPOSITORY, env: environment, encoding: "utf8" } as const;
  return execFileSync(process.execPath, [file, ...options], settings).trimEnd();
}

const CATALOGS = [
  "the sample",
  join(FIXTURES, "suite-current.json"),
  join(FIXTURES, "suite-legacy-500-goals.json"),
];

describe.for(CATALOGS)("with %s", (catalog) => {
  const CATALOG = catalog === "the sample" ? undefined : catalog;

  test.skipIf(CATALOG !== undefined && !existsSync(CATALOG))(
    "the printed lines work when pasted, and Ctrl-C ends everything with 0",
    async () => {
      const stack = await run({ GAUNTLET_STATE: temporaryFolder(), CATALOG });
      await untilUp(stack);
      const [posted, read, claimed] = pasteCurlLines(stack);
      expect(posted).toMatchObject({ accepted: 1, ignored: 0, rejected: 0 });
      expect(JSON.stringify(read)).toContain('"status":"completed"');
      expect(claimed).toMatchObject({ status: "claimed" });

      const family = descendantsOf(stack.child.pid ?? 0);
      expect(family.length).toBeGreaterThan(3);
      stack.child.kill("SIGINT");
      expect(await stack.exitCode).toBe(0);
      expect(family.filter(isStillRunning)).toEqual([]);
    },
  );
});

test("the small commands print one thing each, and what a player did survives a restart", async () => {
  const stateDir = temporaryFolder();
  const first = await run({ GAUNTLET_STATE: stateDir });
  await untilUp(first);
  pasteCurlLines(first);
  const { environment } = first;
  const url = `http://127.0.0.1:${environment["PORT"]}`;
  const token = printedBy("token", ["--user", "u1"], environment);
  const asPlayer = { headers: { Authorization: `Bearer ${token}` } };
  expect((await fetch(`${url}/v1/progress`, asPlayer)).status).toBe(200);
  const server = printedBy("token", ["--server"], environment);
  expect(server).toMatch(/^gk_local_[0-9a-f]{64}$/);
  const asServer = { headers: { Authorization: `Bearer ${server}` } };
  expect((await fetch(`${url}/v1/admin/catalog`, asServer)).status).toBe(200);

  const databaseUrl = printedBy("database-url", [], environment);
  const claims = "SELECT status FROM user_goal_progress WHERE status = 'claimed'";
  await expect.poll(() => queryDirectly(databaseUrl, claims), { timeout: 5_000 }).toHaveLength(1);

  const family = descendantsOf(first.child.pid ?? 0);
  for (const each of [...family, { pid: first.child.pid ?? 0 }]) sendSignal(each.pid, "SIGKILL");
  await first.exitCode;

  const second = await run({ GAUNTLET_STATE: stateDir });
  await untilUp(second);
  expect(await queryDirectly(databaseUrl, claims)).toHaveLength(1);
  second.child.kill("SIGTERM");
  expect(await second.exitCode).toBe(0);

  const third = await run({ GAUNTLET_STATE: stateDir }, ["--reset"]);
  await untilUp(third);
  const fresh = printedBy("database-url", [], third.environment);
  expect(await queryDirectly(fresh, claims)).toEqual([]);
  third.child.kill("SIGINT");
  expect(await third.exitCode).toBe(0);
}, 120_000);

test("a catalog that is not valid ends the start with 1 and every problem with its path", async () => {
  const broken = join(REPOSITORY, "package.json");
  const stack = await run({ GAUNTLET_STATE: temporaryFolder(), CATALOG: broken });
  expect(await stack.exitCode).toBe(1);
  expect(stack.lines.join("\n")).toMatch(/package\.json is not valid \(\d+ problems\):\n {2}\$/);
});

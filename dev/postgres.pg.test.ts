import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterEach, expect, test } from "vitest";

import { findFreePort } from "./ports.ts";
import { findPostgresBinaries } from "./postgres-binaries.ts";
import { planPostgresLaunch } from "./postgres-launch.ts";
import { startPostgres, type PostgresOptions, type PostgresServer } from "./postgres.ts";
import { queryDirectly } from "./testing/query-directly.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

const running: PostgresServer[] = [];

afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
});

async function options(): Promise<PostgresOptions> {
  const folder = temporaryFolder();
  return {
    launch: planPostgresLaunch(
      findPostgresBinaries(),
      join(folder, "postgres"),
      join(folder, "copy"),
      () => {},
    ),
    port: await findFreePort(),
    password: "secret",
    logFile: join(folder, "postgres.log"),
    log: () => {},
  };
}

async function start(wanted: PostgresOptions): Promise<PostgresServer> {
  const server = await startPostgres(wanted);
  running.push(server);
  return server;
}

test("it is durable, on the loopback address only, in UTC, and wants its password", async () => {
  const wanted = await options();
  const url = (await start(wanted)).url("postgres");
  const settings = await queryDirectly(
    url,
    `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit,
       current_setting('listen_addresses') AS addresses, current_setting('unix_socket_directories') AS sockets,
       current_setting('TimeZone') AS zone`,
  );
  expect(settings).toEqual([
    { fsync: "on", commit: "on", addresses: "127.0.0.1", sockets: "", zone: "UTC" },
  ]);
  const wrong = new URL(url);
  wrong.password = "wrong";
  await expect(queryDirectly(wrong.href, "SELECT 1")).rejects.toThrow("password authentication");
}, 30_000);

test("what was committed survives a kill -9, and a stop", async () => {
  const wanted = await options();
  const first = await start(wanted);
  await queryDirectly(first.url("postgres"), "CREATE TABLE kept AS SELECT 1 AS n");
  process.kill(first.pid, "SIGKILL");
  await first.exited;
  const second = await start(wanted);
  await queryDirectly(second.url("postgres"), "INSERT INTO kept VALUES (2)");
  await second.stop();
  const third = await start(wanted);
  expect(await queryDirectly(third.url("postgres"), "SELECT n FROM kept ORDER BY n")).toEqual([
    { n: 1 },
    { n: 2 },
  ]);
}, 30_000);

test("a server that a killed stack left running is stopped first", async () => {
  const wanted = await options();
  const orphan = await start(wanted);
  const next = await start({ ...wanted, port: await findFreePort() });
  await orphan.exited;
  expect(next.pid).not.toBe(orphan.pid);
}, 30_000);

test("a process that merely has the pid of the killed server is left alone", async () => {
  const wanted = await options();
  const first = await start(wanted);
  const pidFile = join(wanted.launch.dataDir, "postmaster.pid");
  const text = readFileSync(pidFile, "utf8");
  process.kill(first.pid, "SIGKILL");
  await first.exited;
  writeFileSync(pidFile, text.replace(/^\d+/, String(process.pid)));
  const second = await start(wanted);
  expect(await queryDirectly(second.url("postgres"), "SELECT 1 AS n")).toEqual([{ n: 1 }]);
}, 30_000);

test("a server that cannot start says why", async () => {
  const wanted = await options();
  await start(wanted);
  const second = await options();
  await expect(startPostgres({ ...second, port: wanted.port })).rejects.toThrow(
    /did not start.*could not bind/s,
  );
}, 30_000);

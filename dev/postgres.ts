import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import { LOOPBACK } from "./ports.ts";
import { createDataFolder, POSTGRES_USER } from "./postgres-data-folder.ts";
import { commandLine, postgresEnvironment, type PostgresLaunch } from "./postgres-launch.ts";
import { readPostmasterFile, STOP_POSTGRES, stopOrphanedPostgres } from "./postgres-leftovers.ts";
import { findProcess, stopProcess } from "./processes.ts";
import { StackProblem } from "./stack-problem.ts";

/** A running local Postgres. */
export interface PostgresServer {
  readonly pid: number;
  /** The URL of one of its databases, password included. */
  url(database: string): string;
  /** Settles when the server has ended, for whatever reason. */
  readonly exited: Promise<void>;
  /** Shuts down cleanly, within bounded time. Safe to call twice. */
  stop(): Promise<void>;
}

/** What a local Postgres needs. */
export interface PostgresOptions {
  readonly launch: PostgresLaunch;
  readonly port: number;
  readonly password: string;
  /** Appended to. */
  readonly logFile: string;
  readonly log: (line: string) => void;
}

/** Crash recovery of a few seconds of local work takes well under a second; a slow disk may take longer. */
const START_TIMEOUT_MS = 60_000;
const START_POLL_INTERVAL_MS = 20;
/** Backends of a killed server need a moment to notice and let go of its shared memory. */
const START_ATTEMPTS = 5;
const START_RETRY_DELAY_MS = 500;

/**
 * Settings that matter here. Durability stays on: the stack promises that what Postgres took survives a kill -9.
 * The rest keeps the server small: it shares a laptop with everything else.
 */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: LOOPBACK,
  unix_socket_directories: "",
  fsync: "on",
  synchronous_commit: "on",
  max_connections: "100",
  shared_buffers: "64MB",
  timezone: "UTC",
  log_timezone: "UTC",
  jit: "off",
};

/**
 * Starts Postgres on the loopback address, making its data folder first when there is none.
 *
 * Copes with what a kill -9 leaves: an orphaned server is stopped, a stale postmaster.pid ignored, the write-ahead log
 * replayed. Throws StackProblem with the end of the log when the server does not come up.
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const { launch, port, password } = options;
  await stopOrphanedPostgres(launch.dataDir, options.log);
  if (!existsSync(launch.dataDir)) createDataFolder(launch, password);
  const child = await spawnUntilReady(options);
  const exited = new Promise<void>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once("exit", () => resolve());
  });
  const pid = child.pid ?? 0;
  return {
    pid,
    url: (database) => `postgres://${POSTGRES_USER}:${password}@${LOOPBACK}:${port}/${database}`,
    exited,
    stop: async () => {
      const running = findProcess(pid);
      if (running !== null && child.exitCode === null && child.signalCode === null) {
        await stopProcess(running, STOP_POSTGRES);
      }
      await exited;
    },
  };
}

async function spawnUntilReady(options: PostgresOptions): Promise<ChildProcess> {
  for (let attempt = 1; ; attempt += 1) {
    const child = spawnServer(options);
    if (await becomesReady(child, options.launch.dataDir)) return child;
    const logTail = readFileSync(options.logFile, "utf8").split("\n").slice(-12).join("\n");
    const mayPass = /still in use|postmaster\.pid" already exists/.test(logTail);
    if (!mayPass || attempt === START_ATTEMPTS) {
      throw new StackProblem(`Postgres did not start. ${options.logFile} ends with:\n${logTail}`);
    }
    await sleep(START_RETRY_DELAY_MS);
  }
}

function spawnServer({ launch, port, logFile }: PostgresOptions): ChildProcess {
  const settings = Object.entries({ ...SETTINGS, port: String(port) });
  const log = openSync(logFile, "a", 0o600);
  try {
    return spawn(
      ...commandLine(launch, launch.binaries.postgres, [
        "-D",
        launch.dataDir,
        ...settings.flatMap(([name, value]) => ["-c", `${name}=${value}`]),
      ]),
      // Its own process group: Ctrl-C in the terminal must reach only the stack, which stops Postgres last.
      {
        ...launch.identity,
        env: postgresEnvironment(),
        stdio: ["ignore", log, log],
        detached: true,
      },
    );
  } finally {
    closeSync(log);
  }
}

async function becomesReady(child: ChildProcess, dataDir: string): Promise<boolean> {
  // A program that cannot even be started has no pid; the event must be heard all the same.
  child.once("error", () => {});
  const giveUpAt = Date.now() + START_TIMEOUT_MS;
  while (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    const file = readPostmasterFile(dataDir);
    if (file?.pid === child.pid && file?.status === "ready") return true;
    if (Date.now() > giveUpAt) {
      child.kill("SIGKILL");
      return false;
    }
    await sleep(START_POLL_INTERVAL_MS);
  }
  return false;
}

import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";

import { Client } from "pg";
import type { TestProject } from "vitest/node";

import { migrate } from "../../drizzle/migrate.ts";
import { startNeonEndpoint, type NeonEndpoint } from "../neon-endpoint.ts";
import { findFreePort } from "../ports.ts";
import { findPostgresBinaries } from "../postgres-binaries.ts";
import { planPostgresLaunch } from "../postgres-launch.ts";
import { startPostgres, type PostgresServer } from "../postgres.ts";
import { makeRunFolder } from "./run-folder.ts";
import { TEMPLATE_DATABASE } from "./template-database.ts";

/** What tests get by `inject("databaseServer")`; `fresh-database.ts` makes a database of one's own from it. */
export interface DatabaseServer {
  /** The superuser's URL of the database `postgres`. */
  readonly adminUrl: string;
  /** Neon's HTTP protocol in front of the same server. */
  readonly endpointUrl: string;
}

declare module "vitest" {
  export interface ProvidedContext {
    databaseServer: DatabaseServer;
  }
}

interface Running {
  readonly server: DatabaseServer;
  readonly stop: () => Promise<void>;
}

/**
 * One server for the whole run: each vitest project loads this file anew, so the one that is running is kept on the
 * process itself, with the number of its users.
 */
interface Shared {
  users: number;
  running: Promise<Running>;
}

declare global {
  // `var` is the only way to declare a property of globalThis.
  var gauntletDatabaseServer: Shared | undefined;
}

/** The vitest globalSetup: Postgres with a migrated template, and the Neon endpoint, on free loopback ports. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const shared = (globalThis.gauntletDatabaseServer ??= { users: 0, running: start() });
  shared.users += 1;
  project.provide("databaseServer", (await shared.running).server);
  return async () => {
    shared.users -= 1;
    if (shared.users > 0) return;
    globalThis.gauntletDatabaseServer = undefined;
    await (await shared.running).stop();
  };
}

async function start(): Promise<Running> {
  const folder = makeRunFolder("gauntlet-test-");
  let postgres: PostgresServer | undefined;
  let endpoint: NeonEndpoint | undefined;
  const stop = async () => {
    await endpoint?.stop();
    await postgres?.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const log = (line: string) => console.error(line);
    const launch = planPostgresLaunch(
      findPostgresBinaries(),
      join(folder, "postgres"),
      join(folder, "shared"),
      log,
    );
    postgres = await startPostgres({
      launch,
      port: await findFreePort(),
      password: randomBytes(16).toString("hex"),
      logFile: join(folder, "postgres.log"),
      log,
    });
    const adminUrl = postgres.url("postgres");
    await makeTemplate(adminUrl, postgres.url(TEMPLATE_DATABASE));
    endpoint = await startNeonEndpoint({ serverUrl: adminUrl });
    return { server: { adminUrl, endpointUrl: endpoint.url }, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function makeTemplate(adminUrl: string, templateUrl: string): Promise<void> {
  const admin = new Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    await admin.query(`CREATE DATABASE ${admin.escapeIdentifier(TEMPLATE_DATABASE)}`);
  } finally {
    await admin.end();
  }
  await migrate(templateUrl);
}

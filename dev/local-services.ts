import { Client } from "pg";

import { migrate } from "../drizzle/migrate.ts";
import type { FaultPlan } from "./faults/fault-plan.ts";
import { startNeonEndpoint, type NeonEndpoint, type NeonEndpointOptions } from "./neon-endpoint.ts";
import { findFreePort, isPortFree } from "./ports.ts";
import { findPostgresBinaries } from "./postgres-binaries.ts";
import { planPostgresLaunch } from "./postgres-launch.ts";
import { startPostgres, type PostgresServer } from "./postgres.ts";
import { issuerName } from "./signing-key.ts";
import { StackProblem } from "./stack-problem.ts";
import { bindDatabase } from "./state-binding.ts";
import { postgresCopyFolder, type StatePaths } from "./state-paths.ts";
import { writeState, type State } from "./state.ts";
import { startTokenIssuer, type TokenIssuer } from "./token-issuer.ts";

/**
 * Who keeps the journal: `dev` is the stack's own Worker, `services` a `wrangler dev` that the developer runs.
 *
 * Their storage folders differ, so each has a database of its own: a journal belongs to one database.
 */
export type StackMode = "dev" | "services";

export interface LocalServicesOptions {
  readonly paths: StatePaths;
  readonly state: State;
  readonly mode: StackMode;
  /** The developer's own database; absent: Postgres is started here. */
  readonly databaseUrl: string | undefined;
  /** What goes wrong at the endpoint from the start; absent: nothing. */
  readonly faultPlan?: FaultPlan | null;
  /** Starts the Neon endpoint; absent: in this process. */
  readonly startEndpoint?: ((options: NeonEndpointOptions) => Promise<NeonEndpoint>) | undefined;
  readonly log: (line: string) => void;
}

/** What the Worker needs around it, running. */
export interface LocalServices {
  readonly databaseUrl: string;
  /** The Worker's secrets and addresses, by the names of its vars. */
  readonly workerVars: Readonly<Record<string, string>>;
  /** Where the endpoint takes fault plans. */
  readonly faultsUrl: string;
  /** Settles with a sentence when Postgres has ended by itself; never when it is the developer's own. */
  readonly failed: Promise<string>;
  stop(): Promise<void>;
}

/** Starts Postgres (or takes the developer's), binds and migrates the database, then the Neon endpoint and the token issuer. */
export async function startLocalServices(options: LocalServicesOptions): Promise<LocalServices> {
  const { paths, state, mode } = options;
  if (options.databaseUrl !== undefined) checkUrl(options.databaseUrl);
  const ports = await choosePorts(state);
  writeState(paths, Object.assign(state, { ports }));
  const started: Started = {};
  try {
    const databaseUrl =
      options.databaseUrl ?? (await startOwnPostgres(options, ports.postgres, started));
    await bind(options, databaseUrl);
    await migrate(databaseUrl);
    writeState(paths, Object.assign(state, { databaseUrl }));
    started.endpoint = await (options.startEndpoint ?? startNeonEndpoint)({
      serverUrl: databaseUrl,
      port: ports.endpoint,
      faultPlan: options.faultPlan ?? null,
    });
    started.issuer = await startTokenIssuer(state.signingKey, ports.issuer);
    const { postgres } = started;
    return {
      databaseUrl,
      workerVars: {
        DATABASE_URL: databaseUrl,
        DATABASE_HTTP_ENDPOINT: started.endpoint.url,
        JWKS_URL: started.issuer.jwksUrl,
        JWT_ISSUER: issuerName(state.id),
        API_KEYS: JSON.stringify([state.serverKey.entry, state.operatorKey.entry]),
      },
      faultsUrl: started.endpoint.controlUrl,
      failed:
        postgres === undefined
          ? new Promise(() => {})
          : postgres.exited.then(() => `Postgres has ended; its log is ${paths.postgresLog}.`),
      stop: () => stopAll(started),
    };
  } catch (error) {
    await stopAll(started);
    throw error instanceof StackProblem ? error : explain(error, mode, options.databaseUrl);
  }
}

interface Started {
  postgres?: PostgresServer;
  endpoint?: NeonEndpoint;
  issuer?: TokenIssuer;
}

/** The database goes last: what runs in front of it may still be finishing a statement. */
async function stopAll(started: Started): Promise<void> {
  await started.issuer?.stop();
  await started.endpoint?.stop();
  await started.postgres?.stop();
}

async function startOwnPostgres(
  { paths, state, mode, log }: LocalServicesOptions,
  port: number,
  started: Started,
): Promise<string> {
  const copyFolder = postgresCopyFolder(state.id);
  const binaries = findPostgresBinaries();
  const launch = planPostgresLaunch(binaries, paths.postgresData, copyFolder, log);
  const password = state.postgresPassword;
  const logFile = paths.postgresLog;
  started.postgres = await startPostgres({ launch, port, password, logFile, log });
  const database = mode === "dev" ? "gauntlet" : "gauntlet_services";
  await createDatabase(started.postgres.url("postgres"), database);
  return started.postgres.url(database);
}

async function createDatabase(adminUrl: string, name: string): Promise<void> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const found = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [name]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${name}`);
  } finally {
    await client.end();
  }
}

async function bind(options: LocalServicesOptions, databaseUrl: string): Promise<void> {
  const { paths, state, mode } = options;
  const bindingId = mode === "dev" ? state.id : `${state.id}/services`;
  const isForeign = options.databaseUrl !== undefined;
  await bindDatabase(databaseUrl, bindingId, state.bound[mode], {
    folder: paths.folder,
    isForeign,
  });
  writeState(paths, Object.assign(state, { bound: { ...state.bound, [mode]: true } }));
}

async function choosePorts(state: State): Promise<NonNullable<State["ports"]>> {
  const keep = async (port: number | undefined) =>
    port !== undefined && (await isPortFree(port)) ? port : findFreePort();
  return {
    postgres: await keep(state.ports?.postgres),
    endpoint: await keep(state.ports?.endpoint),
    issuer: await keep(state.ports?.issuer),
  };
}

/** The value is not repeated: it may hold a password. */
function checkUrl(databaseUrl: string): void {
  const hasTheForm = /^postgres(ql)?:\/\/[^:@/]+:[^@]+@[^/]+\/./.test(databaseUrl);
  if (hasTheForm && URL.canParse(databaseUrl)) return;
  throw new StackProblem(
    "DATABASE_URL is not the URL of a database. It has the form postgres://user:password@host:5432/database; " +
      "unset it to use the Postgres that the stack brings.",
  );
}

function explain(error: unknown, mode: StackMode, databaseUrl: string | undefined): Error {
  const reason = error instanceof Error ? error.message : String(error);
  if (databaseUrl === undefined) {
    return new Error(`The local services (${mode}) did not start.`, { cause: error });
  }
  return new StackProblem(
    `The database that DATABASE_URL names (${new URL(databaseUrl).host}) could not be used: ${reason}. ` +
      "Correct DATABASE_URL, or unset it to use the Postgres that the stack brings.",
    { cause: error },
  );
}

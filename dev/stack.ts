import type { ChildProcess } from "node:child_process";
import { join } from "node:path";

import type { FaultPlan } from "./faults/fault-plan.ts";
import { startLocalServices, type LocalServices } from "./local-services.ts";
import type { NeonEndpoint, NeonEndpointOptions } from "./neon-endpoint.ts";
import { isPortFree, portTakenMessage } from "./ports.ts";
import { publishAtStart } from "./publish-at-start.ts";
import { readCatalogFile } from "./publish-catalog.ts";
import { recordProcesses, stopLeftovers } from "./recorded-processes.ts";
import { issuerName, signPlayerToken } from "./signing-key.ts";
import { StackProblem } from "./stack-problem.ts";
import { lockState, type StateLock } from "./state-lock.ts";
import { statePaths, type StatePaths } from "./state-paths.ts";
import { openState, writeState, type State } from "./state.ts";
import { startWorker, type WorkerOptions, type WorkerProcess } from "./worker-process.ts";
import { PROJECT_FOLDER, readWorkerSettings } from "./worker-settings.ts";

/** What a local stack is started with. */
export interface StackOptions {
  readonly port: number;
  readonly stateDir: string;
  /** Published at every start. Absent: the sample, unless somebody has published another one since. */
  readonly catalogFile?: string | undefined;
  /** Absent: the Postgres that npm brings. A database named here is never dropped. */
  readonly databaseUrl?: string | undefined;
  /** Told what is going on, a line at a time. */
  readonly log: (line: string) => void;
  /** Told what the Worker writes once it is up; its whole output is in the state folder's worker.log. */
  readonly onWorkerOutput?: (line: string) => void;
  /** Vars of the Worker beside those of wrangler.toml, such as FLUSH_INTERVAL_MS. */
  readonly vars?: Readonly<Record<string, string>>;
  /** What goes wrong between Worker and Postgres from the start; absent: nothing. */
  readonly faultPlan?: FaultPlan | null;
  /** Shifts what the rules take for now, by a Worker entry of its own; absent or null: the entry of a deployment. */
  readonly clockOffsetMs?: number | null;
  /** Gives the start up between two steps; what was started is stopped. */
  readonly signal?: AbortSignal;
  /** The folder of wrangler.toml, when it is not this repository's. */
  readonly projectFolder?: string;
  /** Starts the runtime of the Worker; absent: `wrangler dev`. */
  readonly spawnWorker?: (worker: WorkerOptions) => ChildProcess;
  /** Starts the Neon endpoint; absent: in this process. */
  readonly startEndpoint?: (options: NeonEndpointOptions) => Promise<NeonEndpoint>;
}

/** A running local stack. */
export interface Stack {
  /** The address with BASE_PATH, so that `${url}/v1/…` is right. */
  readonly url: string;
  readonly databaseUrl: string;
  readonly serverKey: string;
  readonly operatorKey: string;
  /** Where fault plans are set while it runs. */
  readonly faultsUrl: string;
  /** The active catalog's version. */
  readonly catalogVersion: string;
  /** A token for a player; of the default namespace when none is named. */
  playerToken(userId: string, namespace?: string): Promise<string>;
  /** wrangler's own process at this time; the workerd processes are its descendants. */
  readonly wranglerPid: number;
  /** Settles with a sentence when a part has ended by itself. The rest goes on until `stop`. */
  readonly failed: Promise<string>;
  /** Stops what is left of the Worker and starts it anew, on the same port and storage; the services go on. */
  restartWorker(): Promise<void>;
  /** Stops everything in order, within about 15 seconds. Safe to call twice. */
  stop(): Promise<void>;
}

/** The sample catalog; `CATALOG=<file>` takes its place. */
const SAMPLE_CATALOG = join(PROJECT_FOLDER, "dev", "catalog.sample.json");

/**
 * Starts the whole stack: Postgres, Neon endpoint, migrations, token issuer, Worker, catalog.
 *
 * Everything listens on the loopback address only. Throws StackProblem when the developer can do something about it; then
 * nothing is left running.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const catalog = readCatalogFile(options.catalogFile ?? SAMPLE_CATALOG);
  const paths = statePaths(options.stateDir);
  const parts: Parts = { lock: await lockState(paths) };
  const stop = stopOnce(parts, paths);
  try {
    await stopLeftovers(paths, options.log);
    if (!(await isPortFree(options.port))) throw new StackProblem(portTakenMessage(options.port));
    const settings = readWorkerSettings(
      { ...process.env, ...options.vars },
      options.projectFolder ?? PROJECT_FOLDER,
    );
    const state = await openState(paths, settings.defaultNamespace);
    const services = await startServices(options, paths, state, parts);
    const worker = await startWorkerOf(options, paths, services, parts);
    const url = `${worker.url}${settings.basePath}`;
    const catalogVersion = await publishAtStart({
      target: { baseUrl: url, serverKey: state.serverKey.key },
      catalog,
      isChosen: options.catalogFile !== undefined,
      lastPublished: state.publishedCatalog,
      log: options.log,
    });
    writeState(paths, Object.assign(state, { publishedCatalog: catalogVersion.published }));
    return {
      url,
      databaseUrl: services.databaseUrl,
      serverKey: state.serverKey.key,
      operatorKey: state.operatorKey.key,
      faultsUrl: services.faultsUrl,
      catalogVersion: catalogVersion.active,
      playerToken: (userId, namespace = settings.defaultNamespace) => {
        const subject = { userId, namespace };
        return signPlayerToken(state.signingKey, issuerName(state.id), subject, Date.now());
      },
      get wranglerPid() {
        return parts.worker?.wranglerPid ?? worker.wranglerPid;
      },
      failed: Promise.race([services.failed, worker.failed]),
      restartWorker: async () => {
        await parts.worker?.stop();
        await startWorkerOf(options, paths, services, parts);
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What has been started so far. */
interface Parts {
  readonly lock: StateLock;
  services?: LocalServices;
  worker?: WorkerProcess;
}

function stopOnce(parts: Parts, paths: StatePaths): () => Promise<void> {
  let stopping: Promise<void> | undefined;
  return () => (stopping ??= stopParts(parts, paths));
}

/** The Worker first, so that nothing writes any more; the database last. */
async function stopParts({ lock, services, worker }: Parts, paths: StatePaths): Promise<void> {
  await worker?.stop();
  await services?.stop();
  recordProcesses(paths, []);
  lock.release();
}

async function startServices(
  options: StackOptions,
  paths: StatePaths,
  state: State,
  parts: Parts,
): Promise<LocalServices> {
  options.signal?.throwIfAborted();
  const { databaseUrl, faultPlan = null, log } = options;
  log(databaseUrl === undefined ? "Starting Postgres …" : "Using the database of DATABASE_URL …");
  parts.services = await startLocalServices({
    paths,
    state,
    mode: "dev",
    databaseUrl,
    faultPlan,
    startEndpoint: options.startEndpoint,
    log,
  });
  options.signal?.throwIfAborted();
  return parts.services;
}

async function startWorkerOf(
  options: StackOptions,
  paths: StatePaths,
  services: LocalServices,
  parts: Parts,
): Promise<WorkerProcess> {
  options.log("Starting the Worker …");
  parts.worker = await startWorker({
    paths,
    port: options.port,
    vars: { ...services.workerVars, ...options.vars },
    clockOffsetMs: options.clockOffsetMs ?? null,
    projectFolder: options.projectFolder ?? PROJECT_FOLDER,
    spawn: options.spawnWorker,
    signal: options.signal,
    onOutput: options.onWorkerOutput ?? (() => {}),
    onProcesses: (processes) => recordProcesses(paths, processes),
  });
  options.signal?.throwIfAborted();
  return parts.worker;
}

import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** Where the parts of a state folder are. */
export interface StatePaths {
  readonly folder: string;
  readonly stateFile: string;
  readonly lockFile: string;
  /** The processes of the running stack, for the next start to find after a kill -9. */
  readonly processesFile: string;
  readonly postgresData: string;
  readonly postgresLog: string;
  /** Durable Objects and KV, as wrangler keeps them. */
  readonly workerData: string;
  readonly workerLog: string;
  /** By which running Workers find each other; of its own, so that two stacks do not. */
  readonly workerRegistry: string;
}

const REPOSITORY = fileURLToPath(new URL("..", import.meta.url));

/** The state folder of this checkout: `.gauntlet/`, or what GAUNTLET_STATE names. */
export function stateFolder(environment: NodeJS.ProcessEnv): string {
  return resolve(environment["GAUNTLET_STATE"] || join(REPOSITORY, ".gauntlet"));
}

/** The parts of a state folder; nothing is made. */
export function statePaths(folder: string): StatePaths {
  return {
    folder,
    stateFile: join(folder, "state.json"),
    lockFile: join(folder, "lock.json"),
    processesFile: join(folder, "processes.json"),
    postgresData: join(folder, "postgres"),
    postgresLog: join(folder, "postgres.log"),
    workerData: join(folder, "worker"),
    workerLog: join(folder, "worker.log"),
    workerRegistry: join(folder, "registry"),
  };
}

/** Where Postgres lives when root cannot share the state folder with it: `postgres-launch.ts` says why. */
export function postgresCopyFolder(stateId: string): string {
  return join("/var/tmp", `gauntlet-${stateId}`);
}

/** Makes the folder; only its owner may enter it. */
export function makeStateFolder(paths: StatePaths): void {
  mkdirSync(paths.folder, { recursive: true, mode: 0o700 });
}

/** Removes everything that the stack keeps in its folder, and nothing else that may lie there. */
export function removeState(paths: StatePaths): void {
  const id = /"id": "([0-9a-f-]{36})"/.exec(readIfThere(paths.stateFile))?.[1];
  const parts = [
    paths.postgresData,
    `${paths.postgresData}.new`,
    paths.postgresLog,
    paths.workerData,
    paths.workerLog,
    paths.workerRegistry,
    paths.processesFile,
    paths.stateFile,
    `${paths.stateFile}.new`,
    ...(id === undefined ? [] : [postgresCopyFolder(id)]),
  ];
  for (const part of parts) rmSync(part, { recursive: true, force: true });
}

function readIfThere(path: string): string {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

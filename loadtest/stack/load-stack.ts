import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { findFreePort, LOOPBACK } from "../../dev/ports.ts";
import { makeServerKey } from "../../dev/server-key.ts";
import { issuerName } from "../../dev/signing-key.ts";
import { spawnProductionWorker } from "../../dev/spawn-production-worker.ts";
import { startStack, type Stack } from "../../dev/stack.ts";
import { makeStateFolder, statePaths } from "../../dev/state-paths.ts";
import { openState } from "../../dev/state.ts";
import { loadCatalog } from "../fixtures/load-catalog.ts";
import type { TokenSigner } from "../fixtures/tokens.ts";
import type { StatementFigures } from "./endpoint-messages.ts";
import { EndpointProcess } from "./endpoint-process.ts";
import { residentMib } from "./resident-mib.ts";

/** One key may send 50,000 requests in 10 seconds; four carry every scenario. */
const LOAD_KEYS = 4;
const NAMESPACE = "default";
/** What a load test runs against. */
export interface LoadStack {
  readonly stack: Stack;
  readonly host: string;
  readonly port: number;
  readonly tokens: TokenSigner;
  readonly serverKeys: readonly string[];
  readonly namespace: string;
  /** Null without profiling. */
  readonly inspectorPort: number | null;
  statements(): Promise<readonly StatementFigures[]>;
  stop(): Promise<void>;
}

/** What it is started with. */
export interface LoadStackOptions {
  readonly folder: string;
  /** SHARD_COUNT. */
  readonly shards: number;
  readonly isProfiled: boolean;
  readonly log: (line: string) => void;
  /** Gives the start up between two steps. */
  readonly signal?: AbortSignal;
}

/**
 * Starts the stack as it is deployed: the production bundle on a workerd that listens itself, the Neon endpoint in a process
 * of its own, Postgres with fsync. `folder` keeps its state, and has to be empty for a cold start.
 */
export async function startLoadStack(options: LoadStackOptions): Promise<LoadStack> {
  const paths = statePaths(options.folder);
  makeStateFolder(paths);
  const catalogFile = join(options.folder, "catalog.json");
  writeFileSync(catalogFile, JSON.stringify(loadCatalog()));
  const state = await openState(paths, NAMESPACE);
  const keys = Array.from({ length: LOAD_KEYS }, (_, index) =>
    makeServerKey({ id: `load${index}`, namespace: NAMESPACE, scopes: ["events:write"] }),
  );
  const entries = [state.serverKey, state.operatorKey, ...keys].map(({ entry }) => entry);
  const vars = {
    API_KEYS: JSON.stringify(entries),
    DEFAULT_NAMESPACE: NAMESPACE,
    BASE_PATH: "",
    SHARD_COUNT: String(options.shards),
    RESIDENT_MIB: String(residentMib(options.shards)),
  };
  const port = await findFreePort();
  const inspectorPort = options.isProfiled ? await findFreePort() : null;
  const endpoint = new EndpointProcess();
  try {
    const stack = await startStack({
      port,
      stateDir: options.folder,
      catalogFile,
      log: options.log,
      vars,
      spawnWorker: spawnProductionWorker(inspectorPort),
      startEndpoint: (neonOptions) => endpoint.start(neonOptions),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    return {
      stack,
      host: LOOPBACK,
      port,
      tokens: { signingKey: state.signingKey, issuer: issuerName(state.id), namespace: NAMESPACE },
      serverKeys: keys.map(({ key }) => key),
      namespace: NAMESPACE,
      inspectorPort,
      statements: () => endpoint.statements(),
      stop: () => stack.stop(),
    };
  } catch (error) {
    await endpoint.stop();
    throw error;
  }
}

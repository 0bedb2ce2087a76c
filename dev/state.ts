import { randomBytes, randomUUID } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";

import * as z from "zod";

import { makeServerKey, NAMESPACED_SCOPES } from "./server-key.ts";
import { makeSigningKey } from "./signing-key.ts";
import { StackProblem } from "./stack-problem.ts";
import { makeStateFolder, type StatePaths } from "./state-paths.ts";

const PORT = z.int().min(1).max(65_535);
const SERVER_KEY = z.object({
  key: z.string(),
  entry: z.object({
    id: z.string(),
    sha256: z.string(),
    namespace: z.string().nullable(),
    scopes: z.array(z.string()),
  }),
});

const STATE = z.object({
  /** Kept in the database too: the journal of the shards in this folder belongs to that one database. */
  id: z.string(),
  /** Whether a database has been bound to this state, by the way in which it is run. */
  bound: z.object({ dev: z.boolean(), services: z.boolean() }),
  postgresPassword: z.string(),
  /** Kept, so that `.dev.vars` and a developer's notes stay valid; replaced when somebody else has taken one. */
  ports: z.object({ postgres: PORT, endpoint: PORT, issuer: PORT }).nullable(),
  /** The database that was served last; what `npm run db:url` prints. */
  databaseUrl: z.string().nullable(),
  signingKey: z.record(z.string(), z.string()),
  serverKey: SERVER_KEY,
  operatorKey: SERVER_KEY,
  /** The catalog version that the stack itself published last, so that it never overwrites somebody else's. */
  publishedCatalog: z.string().nullable(),
});

/** All that a local stack keeps beside the data of Postgres and of the Worker. */
export type State = z.infer<typeof STATE>;

/** Reads the state; null when there is none yet. Throws StackProblem when it cannot be understood. */
export function readState(paths: StatePaths): State | null {
  if (!existsSync(paths.stateFile)) return null;
  try {
    return STATE.parse(JSON.parse(readFileSync(paths.stateFile, "utf8")));
  } catch (error) {
    throw new StackProblem(
      `${paths.stateFile} is damaged or of another version. Drop the local state: npm run dev -- --reset`,
      { cause: error },
    );
  }
}

/**
 * Reads the state, or makes a new one: keys, password and id are drawn once and kept.
 *
 * Only the server key is drawn anew when the default namespace has changed: a key never reaches another namespace.
 */
export async function openState(paths: StatePaths, namespace: string): Promise<State> {
  const known = readState(paths);
  const state = known ?? (await makeState(namespace));
  if (state.serverKey.entry.namespace !== namespace) state.serverKey = makeLocalKey(namespace);
  writeState(paths, state);
  return state;
}

async function makeState(namespace: string): Promise<State> {
  return {
    id: randomUUID(),
    bound: { dev: false, services: false },
    postgresPassword: randomBytes(24).toString("hex"),
    ports: null,
    databaseUrl: null,
    signingKey: await makeSigningKey(),
    serverKey: makeLocalKey(namespace),
    operatorKey: makeServerKey({ id: "operator", namespace: null, scopes: ["operator"] }),
    publishedCatalog: null,
  };
}

function makeLocalKey(namespace: string): State["serverKey"] {
  return makeServerKey({ id: "local", namespace, scopes: [...NAMESPACED_SCOPES] });
}

/** Replaces the state in one step: a kill in between leaves the old one. Readable by its owner only, it holds secrets. */
export function writeState(paths: StatePaths, state: State): void {
  makeStateFolder(paths);
  const unfinished = `${paths.stateFile}.new`;
  writeFileSync(unfinished, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  renameSync(unfinished, paths.stateFile);
}

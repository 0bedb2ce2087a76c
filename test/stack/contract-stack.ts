import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { findFreePort } from "../../dev/ports.ts";
import { makeServerKey, NAMESPACED_SCOPES, type ServerKey } from "../../dev/server-key.ts";
import { issuerName } from "../../dev/signing-key.ts";
import { startStack, type Stack } from "../../dev/stack.ts";
import { statePaths } from "../../dev/state-paths.ts";
import { openState } from "../../dev/state.ts";
import { contractCatalog } from "./contract-catalog.ts";

/** Namespaces beside `default`, so that a test may publish what it likes. Each has a key with all scopes, by this name. */
const NAMESPACES = [
  "empty",
  "neighbour",
  "cycle",
  "rollback",
  "breaking",
  "living",
  "refused",
  "forms",
  "fuzz",
  "stranger",
] as const;

/** Keys that may do one thing only, in `default`. */
const NARROW_KEYS = {
  eventsonly: "events:write",
  catalogreadonly: "catalog:read",
  playersreadonly: "players:read",
} as const;

/** What a scraper of /metrics presents. */
export const METRICS_TOKEN = "metrics-token-of-the-tests";

/** Server keys of the tests. `local` has all scopes in `default`. */
export type KeyName = (typeof NAMESPACES)[number] | keyof typeof NARROW_KEYS | "local" | "operator";

/** All that a caller of a running stack needs. Plain data: it crosses from the setup to the tests. */
export interface StackAccess {
  readonly url: string;
  readonly databaseUrl: string;
  readonly catalogVersion: string;
  /** By KeyName. */
  readonly keys: Readonly<Record<string, string>>;
  /** What player tokens are signed with, a private JWK; and the `iss` that the Worker accepts. */
  readonly signingKey: Readonly<Record<string, string>>;
  readonly issuer: string;
}

export interface ContractStack {
  readonly access: StackAccess;
  readonly stack: Stack;
}

interface ContractStackOptions {
  readonly databaseUrl?: string;
  readonly vars?: Readonly<Record<string, string>>;
  /** How far the rules' clock goes ahead. */
  readonly clockOffsetMs?: number;
}

/**
 * Starts the whole local stack in `folder` with the contract's catalog and keys.
 *
 * Called again on the same folder it goes on with the same state and catalog, on another port.
 */
export async function startContractStack(
  folder: string,
  { databaseUrl, vars = {}, clockOffsetMs }: ContractStackOptions = {},
): Promise<ContractStack> {
  mkdirSync(folder, { recursive: true });
  const stateDir = join(folder, "state");
  const state = await openState(statePaths(stateDir), "default");
  const keys = { ...makeKeys(), local: state.serverKey, operator: state.operatorKey };
  const apiKeys = JSON.stringify(Object.values(keys).map(({ entry }) => entry));
  const stack = await startStack({
    port: await findFreePort(),
    stateDir,
    catalogFile: catalogFileIn(folder),
    databaseUrl,
    vars: { METRICS_TOKEN, ...vars, API_KEYS: apiKeys },
    ...(clockOffsetMs === undefined ? {} : { clockOffsetMs }),
    log: () => {},
  });
  const access = {
    url: stack.url,
    databaseUrl: stack.databaseUrl,
    catalogVersion: stack.catalogVersion,
    keys: Object.fromEntries(Object.entries(keys).map(([name, { key }]) => [name, key])),
    signingKey: state.signingKey,
    issuer: issuerName(state.id),
  };
  return { stack, access };
}

/** Written once, so that a second start publishes the same document: its times depend on when it was made. */
function catalogFileIn(folder: string): string {
  const file = join(folder, "catalog.json");
  if (!existsSync(file)) writeFileSync(file, JSON.stringify(contractCatalog(Date.now())));
  return file;
}

function makeKeys(): Record<string, ServerKey> {
  const keys: Record<string, ServerKey> = {};
  for (const namespace of NAMESPACES) {
    keys[namespace] = makeServerKey({ id: namespace, namespace, scopes: [...NAMESPACED_SCOPES] });
  }
  for (const [id, scope] of Object.entries(NARROW_KEYS)) {
    keys[id] = makeServerKey({ id, namespace: "default", scopes: [scope] });
  }
  return keys;
}

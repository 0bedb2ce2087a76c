import { CatalogCache } from "./adapters/kv/catalog-cache.ts";
import { createInitFlags } from "./adapters/kv/init-flags.ts";
import { checkKv } from "./adapters/kv/kv-check.ts";
import { createCatalogStore } from "./adapters/postgres/catalog-store.ts";
import { connect } from "./adapters/postgres/connect.ts";
import { createDeadLetters } from "./adapters/postgres/dead-letters.ts";
import { createGrants } from "./adapters/postgres/grants.ts";
import { createReadiness } from "./adapters/postgres/readiness.ts";
import { knownShards } from "./adapters/postgres/shard-names.ts";
import type { Config } from "./config.ts";
import type { Clock } from "./core/ports.ts";
import { RequestTally } from "./core/request-tally.ts";
import { createIssuerKeys } from "./http/auth/issuer-keys.ts";
import { createPlayerTokens } from "./http/auth/player-tokens.ts";
import { createSecretToken } from "./http/auth/secret-token.ts";
import { createServerKeys } from "./http/auth/server-keys.ts";
import { createReadinessCheck } from "./http/readiness.ts";
import type { Services } from "./http/services.ts";
import { logProblem, logRequest } from "./log.ts";
import { sha256Hex } from "./sha256.ts";
import { createPlayers } from "./shard/client.ts";
import { systemClock } from "./system-clock.ts";

/** The real services, with what only the cron needs. */
export interface WorkerServices extends Services {
  readonly catalogs: CatalogCache;
  /** Every shard that Postgres has heard of. Throws FailureError DATABASE_UNAVAILABLE. */
  readonly knownShards: () => Promise<string[]>;
}

/**
 * The composition root of requests: bindings and configuration in, services out. Opens nothing.
 *
 * `clock` is what the rules take for now; caches and credentials go by the real time. Made once per isolate and shared by its requests, so nothing in it may hold on to one request's I/O.
 */
export function createServices(env: Env, config: Config, clock: Clock): WorkerServices {
  const database = connect({
    databaseUrl: config.databaseUrl,
    httpEndpoint: config.databaseHttpEndpoint,
    timeoutMs: STATEMENT_TIMEOUT_MS,
  });
  const postgres = createReadiness(database);
  const catalogs = new CatalogCache(env.KV, createCatalogStore(database), systemClock);
  const issuerKeys = createIssuerKeys(config.jwksUrl, (url, init) => fetch(url, init), systemClock);
  const tally = new RequestTally(crypto.randomUUID());
  const { jwtIssuer: issuer, jwtAudience: audience } = config;
  return {
    config,
    clock,
    catalogs,
    players: createPlayers({
      shards: env.SHARDS,
      layout: {
        generation: config.shardGeneration,
        count: config.shardCount,
        older: config.previousShards,
      },
      digest: sha256Hex,
      tally,
      clock: systemClock,
    }),
    knownShards: () => knownShards(database),
    initFlags: createInitFlags(env.KV),
    grants: createGrants(database),
    deadLetters: createDeadLetters(database),
    readiness: createReadinessCheck(
      [
        { name: "kv", check: () => checkKv(env.KV) },
        { name: "postgres", check: () => postgres.check() },
        { name: "catalog", check: () => checkCatalog(catalogs, config.defaultNamespace) },
      ],
      systemClock,
    ),
    playerTokens: createPlayerTokens({ issuer, audience }, issuerKeys, systemClock),
    serverKeys: createServerKeys(config.apiKeys, sameBytes),
    metricsToken: createSecretToken(config.metricsToken, sameBytes),
    rateLimiters: { player: env.PLAYER_RATE, server: env.SERVER_RATE, public: env.PUBLIC_RATE },
    tally,
    log: config.logRequests === "all" ? logRequest : logProblem,
    newId: () => crypto.randomUUID(),
  };
}

/** Of one statement that a request waits for: a sleeping Postgres wakes within a second or two. */
const STATEMENT_TIMEOUT_MS = 5_000;

/** Throws FailureError that says what is missing. */
async function checkCatalog(catalogs: CatalogCache, namespace: string): Promise<string[]> {
  await catalogs.active(namespace);
  return [];
}

/** In constant time; the platform has it, Node calls it otherwise. */
function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return crypto.subtle.timingSafeEqual(a, b);
}

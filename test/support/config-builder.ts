import type { Config } from "../../src/config.ts";

/** A valid configuration; a wish overrides. */
export function aConfig(wish: Partial<Config> = {}): Config {
  return {
    defaultNamespace: "default",
    shardCount: 8,
    shardGeneration: 1,
    previousShards: [],
    basePath: "",
    corsOrigins: [],
    jwtIssuer: "https://issuer.example.com",
    jwtAudience: null,
    jwksUrl: "https://issuer.example.com/jwks.json",
    apiKeys: [],
    metricsToken: null,
    databaseUrl: "postgresql://localhost/gauntlet",
    databaseHttpEndpoint: null,
    flushIntervalMs: 1_000,
    dedupMaxIds: 1_000_000,
    dedupSeconds: 900,
    journalOperationsMax: 200_000,
    residentBytesMax: 16 * 2 ** 20,
    grantParkAfterMs: 86_400_000,
    claimGraceMs: 604_800_000,
    logRequests: "all",
    rewards: { by: "record" },
    ...wish,
  };
}

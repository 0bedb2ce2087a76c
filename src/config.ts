import type * as z from "zod";

import type { RewardSettings } from "./adapters/rewards/create-granter.ts";
import { parseRewards } from "./config-rewards.ts";
import { type Scope, varsSchema } from "./config-schema.ts";

/** One entry of API_KEYS: the key itself is nowhere, only its hash. */
export interface ApiKey {
  readonly id: string;
  /** SHA-256 of the whole key `gk_<id>_<secret>`, lower-case hex. */
  readonly sha256: string;
  /** Null: the key of an operator, which acts on DEFAULT_NAMESPACE where a route needs a namespace. */
  readonly namespace: string | null;
  readonly scopes: readonly Scope[];
}

/** The deployment's vars and secrets, checked and typed. */
export interface Config {
  readonly defaultNamespace: string;
  readonly shardCount: number;
  readonly shardGeneration: number;
  /** How players were spread before, by earlier generations. */
  readonly previousShards: readonly { readonly generation: number; readonly count: number }[];
  /** Empty, or one or more segments with a leading and without a trailing slash. */
  readonly basePath: string;
  /** Origins that browsers may call from; `*` for any. */
  readonly corsOrigins: readonly string[];
  readonly jwtIssuer: string;
  /** Null: `aud` is not checked. */
  readonly jwtAudience: string | null;
  readonly jwksUrl: string;
  readonly apiKeys: readonly ApiKey[];
  /** What a scraper of /metrics may present in place of an operator's key; null: nothing. */
  readonly metricsToken: string | null;
  readonly databaseUrl: string;
  /** Null: the address that the driver derives from the database's host. */
  readonly databaseHttpEndpoint: string | null;
  readonly flushIntervalMs: number;
  readonly dedupMaxIds: number;
  readonly dedupSeconds: number;
  /** Operations per shard that Postgres may lack before the shard refuses more. */
  readonly journalOperationsMax: number;
  /** Estimated bytes of players that a shard keeps in memory. */
  readonly residentBytesMax: number;
  readonly claimGraceMs: number;
  /** How long a grant is asked for in vain before it is parked. */
  readonly grantParkAfterMs: number;
  /** `problems`: only answers of 400 and above; the platform's invocation log has the others. */
  readonly logRequests: "all" | "problems";
  readonly rewards: RewardSettings;
}

export type ConfigResult =
  | { readonly ok: true; readonly config: Config }
  /** One sentence per var that is wrong, naming it; never its value, which may be a secret. */
  | { readonly ok: false; readonly problems: readonly string[] };

/** Reads the vars and secrets of a Worker's env. Bindings in it are ignored. Reports every problem, not the first. */
export function parseConfig(vars: object): ConfigResult {
  const parsed = varsSchema.safeParse(vars);
  const rewards = parseRewards(vars);
  if (!parsed.success || !rewards.ok) {
    const issues = [...(parsed.error?.issues ?? []), ...(rewards.ok ? [] : rewards.issues)];
    return { ok: false, problems: issues.map(describeProblem) };
  }
  const read = parsed.data;
  return {
    ok: true,
    config: {
      defaultNamespace: read.DEFAULT_NAMESPACE,
      shardCount: read.SHARD_COUNT,
      shardGeneration: read.SHARD_GENERATION,
      previousShards: read.PREVIOUS_SHARDS,
      basePath: read.BASE_PATH,
      corsOrigins: read.CORS_ORIGINS,
      jwtIssuer: read.JWT_ISSUER,
      jwtAudience: read.JWT_AUDIENCE === "" ? null : read.JWT_AUDIENCE,
      jwksUrl: read.JWKS_URL,
      apiKeys: read.API_KEYS,
      metricsToken: read.METRICS_TOKEN,
      databaseUrl: read.DATABASE_URL,
      databaseHttpEndpoint: read.DATABASE_HTTP_ENDPOINT,
      flushIntervalMs: read.FLUSH_INTERVAL_MS,
      dedupMaxIds: read.DEDUP_MAX_IDS,
      dedupSeconds: read.DEDUP_SECONDS,
      journalOperationsMax: read.JOURNAL_OPERATIONS_MAX,
      residentBytesMax: read.RESIDENT_MIB * 2 ** 20,
      claimGraceMs: read.CHALLENGE_CLAIM_GRACE_SECONDS * 1_000,
      grantParkAfterMs: read.GRANT_PARK_AFTER_SECONDS * 1_000,
      logRequests: read.LOG_REQUESTS,
      rewards: rewards.rewards,
    },
  };
}

function describeProblem(issue: z.core.$ZodIssue): string {
  const [name, ...rest] = issue.path.map(String);
  return `${[name, ...rest].join(".")} ${issue.message}`;
}

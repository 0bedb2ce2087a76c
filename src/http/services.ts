import type { Config } from "../config.ts";
import type { DeadLetters } from "../core/dead-letters.ts";
import type { Catalogs, Clock, Grants, InitFlags, Players } from "../core/ports.ts";
import type { RequestTally } from "../core/request-tally.ts";
import type { RequestLog } from "../log.ts";
import type { PlayerTokens } from "./auth/player-tokens.ts";
import type { SecretToken } from "./auth/secret-token.ts";
import type { ServerKeys } from "./auth/server-keys.ts";
import type { ReadinessCheck } from "./readiness.ts";

/** Counts requests per key; false: over the limit. Throws when the platform cannot say. */
export interface RateLimiter {
  limit(request: { key: string }): Promise<{ success: boolean }>;
}

/** All that the routes need; `src/services.ts` composes the real one, `test/support/fake-services.ts` the fake. */
export interface Services {
  readonly config: Config;
  readonly clock: Clock;
  readonly players: Players;
  readonly catalogs: Catalogs;
  readonly initFlags: InitFlags;
  readonly grants: Grants;
  readonly deadLetters: DeadLetters;
  readonly readiness: ReadinessCheck;
  readonly playerTokens: PlayerTokens;
  readonly serverKeys: ServerKeys;
  readonly metricsToken: SecretToken;
  readonly rateLimiters: {
    readonly player: RateLimiter;
    readonly server: RateLimiter;
    readonly public: RateLimiter;
  };
  readonly log: RequestLog;
  /** Counts requests, for /metrics. */
  readonly tally: Pick<RequestTally, "note" | "noteInvalidEvents">;
  /** A random id: for a request, and for a command that came without an Idempotency-Key. */
  newId(): string;
}

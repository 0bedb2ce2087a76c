import type { Scope } from "../../config-schema.ts";
import { FailureError } from "../../core/errors.ts";
import { RATE_LIMITS } from "../../core/limits.ts";
import type { PlayerKey } from "../../core/player.ts";
import type { Call } from "../define-route.ts";
import type { RateLimiter } from "../services.ts";
import { bearerToken } from "./bearer-token.ts";
import { clientNetwork } from "./client-network.ts";

/** Who may use a route. Throws FailureError UNAUTHENTICATED, FORBIDDEN or RATE_LIMITED, in this order. */
export type Access<Caller> = (call: Call) => Promise<Caller>;

/** A game server: the namespace that it acts on, and the id of its key for the log. */
export interface ServerCaller {
  readonly keyId: string;
  readonly namespace: string;
  /** May see what concerns all namespaces. */
  readonly isOperator: boolean;
}

/** Anybody, counted by the network of the address. */
export const publicAccess: Access<null> = async (call) => {
  const network = clientNetwork(call.request);
  await countRequest(call.services.rateLimiters.public, network, RATE_LIMITS.public);
  return null;
};

/** A player with a token of the configured issuer. A server key is no player's credential: 401. */
export const playerAccess: Access<PlayerKey> = async (call) => {
  const { services, exchange } = call;
  const token = bearerToken(call.request, "a player token");
  const verified = await services.playerTokens.verify(token);
  if (!verified.ok) throw new FailureError(verified.failure);
  const player = verified.value;
  exchange.namespace = player.namespace;
  const rateKey = JSON.stringify([player.namespace, player.userId]);
  await countRequest(services.rateLimiters.player, rateKey, RATE_LIMITS.player);
  return player;
};

/** A server key with at least one of the scopes. A player token is no server's credential: 401. */
export function serverAccess(...scopes: readonly Scope[]): Access<ServerCaller> {
  return async (call) => {
    const { services, exchange } = call;
    const key = services.serverKeys.find(bearerToken(call.request, "a server key"));
    if (key === null) {
      const detail = "This is no server key of this deployment; send Authorization: Bearer gk_…";
      throw new FailureError({ code: "UNAUTHENTICATED", detail });
    }
    exchange.keyId = key.id;
    const namespace = key.namespace ?? services.config.defaultNamespace;
    // An operator's key has none: what it does is not to be found under the default one in the log.
    exchange.namespace = key.namespace;
    if (!scopes.some((scope) => key.scopes.includes(scope))) {
      const detail = `The key ${key.id} lacks the scope ${scopes.join(" or ")}.`;
      throw new FailureError({ code: "FORBIDDEN", detail });
    }
    await countRequest(services.rateLimiters.server, key.id, RATE_LIMITS.server);
    return { keyId: key.id, namespace, isOperator: key.scopes.includes("operator") };
  };
}

/** Throws RATE_LIMITED when the key is over its limit. */
export async function countRequest(
  limiter: RateLimiter,
  key: string,
  { requests, seconds }: { readonly requests: number; readonly seconds: number },
): Promise<void> {
  if (await isWithinLimit(limiter, key)) return;
  throw new FailureError({
    code: "RATE_LIMITED",
    detail: `More than ${requests} requests in ${seconds} seconds; slow down.`,
    retryAfterSeconds: seconds,
  });
}

/** A counter that cannot be asked lets everybody in: it guards against abuse, it is not a lock. */
async function isWithinLimit(limiter: RateLimiter, key: string): Promise<boolean> {
  try {
    return (await limiter.limit({ key })).success;
  } catch {
    return true;
  }
}

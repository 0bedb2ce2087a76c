import {
  createLocalJWKSet,
  errors,
  type CryptoKey,
  type JSONWebKeySet,
  type JWTHeaderParameters,
} from "jose";
import * as z from "zod";

import type { Clock } from "../../core/ports.ts";

/** The issuer's public keys. */
export interface IssuerKeys {
  /** Throws jose's JWKSNoMatchingKey when the issuer has none that fits, IssuerUnreachableError when nobody can tell. */
  keyFor(header: JWTHeaderParameters): Promise<CryptoKey>;
}

/** The issuer's keys could not be read, and there are none from before. */
export class IssuerUnreachableError extends Error {
  constructor(jwksUrl: string, options: ErrorOptions) {
    super(`The keys of JWKS_URL ${jwksUrl} could not be read, and none are cached.`, options);
    this.name = "IssuerUnreachableError";
  }
}

/**
 * Reads the issuer's JWKS and keeps it.
 *
 * Keys are read again when they are old, and when a token names a key that is not among them, but not more often than the
 * cool-down allows: tokens with invented key ids must not become requests to the issuer. While the issuer is away, the old
 * keys go on working. Each request awaits its own fetch, never another's: workerd forbids I/O across requests.
 */
export function createIssuerKeys(
  jwksUrl: string,
  fetchKeys: (url: string, init: RequestInit) => Promise<Response>,
  clock: Clock,
): IssuerKeys {
  let cached: Cached | null = null;
  let lastTriedAt = -Infinity;
  let lastFailure: unknown = null;

  async function refresh(): Promise<Cached> {
    try {
      const keySet = await fetchKeySet(jwksUrl, fetchKeys);
      cached = { find: createLocalJWKSet(keySet), fetchedAt: clock.now() };
      return cached;
    } catch (error) {
      if (cached !== null) return cached;
      lastFailure = error;
      throw new IssuerUnreachableError(jwksUrl, { cause: error });
    } finally {
      lastTriedAt = clock.now();
    }
  }

  async function current(): Promise<Cached> {
    const now = clock.now();
    if (cached === null) {
      // An issuer that is down must not get a request for each of ours, nor ours wait for it.
      if (now - lastTriedAt >= FAILURE_COOL_DOWN_MS) return refresh();
      throw new IssuerUnreachableError(jwksUrl, { cause: lastFailure });
    }
    const isOld = now - cached.fetchedAt > KEYS_AGE_MS_MAX;
    return isOld && now - lastTriedAt > COOL_DOWN_MS ? refresh() : cached;
  }

  return {
    keyFor: async (header) => {
      const keys = await current();
      try {
        return await keys.find(header);
      } catch (error) {
        const isUnknownKey = error instanceof errors.JWKSNoMatchingKey;
        if (!isUnknownKey || clock.now() - lastTriedAt <= COOL_DOWN_MS) throw error;
        return (await refresh()).find(header);
      }
    },
  };
}

/** A withdrawn key works no longer than this; jose's own default. */
const KEYS_AGE_MS_MAX = 600_000;
/** Counted from the end of a try. A key that an issuer starts to use is known at the latest after this. */
const COOL_DOWN_MS = 30_000;
/** The same while there are no keys at all: short, since nobody gets in meanwhile. */
const FAILURE_COOL_DOWN_MS = 1_000;
const FETCH_TIMEOUT_MS = 5_000;

interface Cached {
  readonly find: ReturnType<typeof createLocalJWKSet>;
  readonly fetchedAt: number;
}

const keySetSchema = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) });

async function fetchKeySet(
  jwksUrl: string,
  fetchKeys: (url: string, init: RequestInit) => Promise<Response>,
): Promise<JSONWebKeySet> {
  const response = await fetchKeys(jwksUrl, {
    headers: { Accept: "application/json" },
    // A redirect could lead from https to http, where anybody on the way can answer.
    redirect: "manual",
    signal: AbortSignal.timeout(FETCH_TIMEOUT_MS),
  });
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`The issuer answered ${response.status}.`);
  }
  return keySetSchema.parse(await response.json());
}

import { errors, jwtVerify, type JWTPayload } from "jose";

import { BoundedMap } from "../../core/bounded-map.ts";
import { type Outcome, refuse } from "../../core/errors.ts";
import { identifierRule, isIdentifier, isNamespace } from "../../core/identifier.ts";
import { ID_LENGTH_MAX } from "../../core/limits.ts";
import type { PlayerKey } from "../../core/player.ts";
import type { Clock } from "../../core/ports.ts";
import type { IssuerKeys } from "./issuer-keys.ts";

/** Turns a player's token into the player. */
export interface PlayerTokens {
  /** UNAUTHENTICATED when the token is bad; throws IssuerUnreachableError when that cannot be told. */
  verify(token: string): Promise<Outcome<PlayerKey>>;
}

export interface TokenRules {
  readonly issuer: string;
  /** Null: `aud` is not checked. */
  readonly audience: string | null;
}

/**
 * Verifies JWTs of one issuer: signature (asymmetric algorithms only), `iss`, `exp`, `nbf`, `aud` if configured, and that
 * `sub` and `namespace` can be ids. Remembers good tokens for a short while: a signature costs about 0.1 ms of CPU.
 */
export function createPlayerTokens(
  rules: TokenRules,
  keys: IssuerKeys,
  clock: Clock,
): PlayerTokens {
  const remembered = new BoundedMap<string, Verified>(REMEMBERED_TOKENS_MAX);
  return {
    verify: async (token) => {
      const now = clock.now();
      const known = remembered.get(token);
      if (known !== undefined && now < known.untilMs) return { ok: true, value: known.player };
      try {
        const { payload } = await jwtVerify(token, (header) => keys.keyFor(header), {
          algorithms: ALGORITHMS,
          issuer: rules.issuer,
          ...(rules.audience === null ? {} : { audience: rules.audience }),
          requiredClaims: ["sub", "exp"],
          clockTolerance: CLOCK_TOLERANCE_SECONDS,
          currentDate: new Date(now),
        });
        const player = playerOf(payload);
        if (!player.ok) return player;
        remembered.set(token, { player: player.value, untilMs: untilMs(payload, now) });
        return player;
      } catch (error) {
        if (error instanceof errors.JOSEError) return unauthenticated(sayWhy(error));
        throw error;
      }
    },
  };
}

/** `none` and the HMAC family are out: with a public key as secret, anybody could sign. */
const ALGORITHMS = ["RS256", "ES256", "EdDSA"];
/** Clocks of issuer and edge differ by about this much. */
const CLOCK_TOLERANCE_SECONDS = 5;
/** At about 1.5 KB a token 15 MB of the isolate's 128 MB. */
const REMEMBERED_TOKENS_MAX = 10_000;
/** How long a key that the issuer withdraws goes on working through a remembered token. */
const REMEMBERED_MS_MAX = 60_000;

interface Verified {
  readonly player: PlayerKey;
  readonly untilMs: number;
}

function untilMs(payload: JWTPayload, now: number): number {
  return Math.min((payload.exp ?? 0) * 1_000, now + REMEMBERED_MS_MAX);
}

function playerOf(payload: JWTPayload): Outcome<PlayerKey> {
  const { sub: userId, namespace } = payload;
  if (!isIdentifier(userId, ID_LENGTH_MAX)) {
    return unauthenticated(`The token's claim sub ${identifierRule(ID_LENGTH_MAX)}.`);
  }
  if (!isNamespace(namespace)) {
    return unauthenticated("The token's claim namespace must match [a-z0-9-]{1,64}.");
  }
  return { ok: true, value: { namespace, userId } };
}

function unauthenticated(detail: string): Outcome<never> {
  return refuse("UNAUTHENTICATED", detail);
}

/** Tells the holder of a token what is wrong with it; nothing here helps to forge one. */
function sayWhy(error: errors.JOSEError): string {
  if (error instanceof errors.JWTExpired) return "The token has expired; get a new one.";
  if (error instanceof errors.JWTClaimValidationFailed) {
    return `The token's claim ${error.claim} is missing or not accepted here.`;
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) {
    return "The token's signature does not fit the issuer's key.";
  }
  if (error instanceof errors.JWKSNoMatchingKey) {
    return "The issuer has no key that fits the token.";
  }
  return "This is not a player token: a JWT signed with RS256, ES256 or EdDSA.";
}

import { exportJWK, generateKeyPair, importJWK, SignJWT, type JWK } from "jose";

/** Said by local tokens to be their issuer; it names the state, not an address, so that a changed port invalidates none. */
export function issuerName(stateId: string): string {
  return `urn:gauntlet:local:${stateId}`;
}

/** A month: a token in a developer's notes should not fail over a weekend. */
const TOKEN_LIFETIME_SECONDS = 30 * 86_400;
const ALGORITHM = "ES256";

/** A new private key as a JWK. */
export async function makeSigningKey(): Promise<Record<string, string>> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const { kty, crv, x, y, d } = await exportJWK(privateKey);
  if (!kty || !crv || !x || !y || !d) throw new Error("The exported key is incomplete.");
  return { kty, crv, x, y, d, kid: crypto.randomUUID(), alg: ALGORITHM };
}

/** The key set that JWKS_URL answers: the public half only. */
export function publicKeySet(signingKey: Readonly<Record<string, string>>): { keys: JWK[] } {
  const { d: _private, ...publicHalf } = signingKey;
  return { keys: [{ ...publicHalf, use: "sig" }] };
}

/** Whom a token is for. */
export interface TokenSubject {
  readonly userId: string;
  readonly namespace: string;
}

/** Signs a player token as a game's own identity service would. `nowMs`: epoch milliseconds. */
export async function signPlayerToken(
  signingKey: Readonly<Record<string, string>>,
  issuer: string,
  subject: TokenSubject,
  nowMs: number,
): Promise<string> {
  const nowSeconds = Math.floor(nowMs / 1000);
  return new SignJWT({ namespace: subject.namespace })
    .setProtectedHeader({ alg: ALGORITHM, kid: signingKey["kid"] ?? "" })
    .setSubject(subject.userId)
    .setIssuer(issuer)
    .setIssuedAt(nowSeconds)
    .setExpirationTime(nowSeconds + TOKEN_LIFETIME_SECONDS)
    .sign(await importJWK({ ...signingKey }, ALGORITHM));
}

import { createHmac, createPublicKey } from "node:crypto";

import { exportJWK, generateKeyPair, importJWK, SignJWT, type JWTPayload } from "jose";

import type { StackAccess } from "./contract-stack.ts";

type Claims = Readonly<Record<string, unknown>>;

/** The claims of a good token, changed: undefined takes one away. */
export async function tokenWith(access: StackAccess, changes: Claims): Promise<string> {
  return signed(access.signingKey, { ...goodClaims(access), ...changes });
}

/** Tokens that claim to be of the issuer and are not, each by its trick. */
export async function forgedTokens(access: StackAccess): Promise<Record<string, string>> {
  const claims = goodClaims(access);
  const publicKey = publicPart(access.signingKey);
  const pem = createPublicKey({ key: publicKey, format: "jwk" }).export({
    type: "spki",
    format: "pem",
  });
  const header = { kid: access.signingKey["kid"] };
  const good = await signed(access.signingKey, claims);
  const foreign = await otherKey(access.signingKey["kid"]);
  const [head = "", payload = "", signature = ""] = good.split(".");
  const stolen = encoded({ ...claims, sub: "somebody-else" });
  return {
    "alg none": `${encoded({ ...header, alg: "none" })}.${payload}.`,
    "alg none with a signature": `${encoded({ ...header, alg: "none" })}.${payload}.${signature}`,
    "HS256 with the public key as PEM": hmac({ ...header, alg: "HS256" }, claims, pem),
    "HS256 with the public key as JWK": hmac(
      { ...header, alg: "HS256" },
      claims,
      JSON.stringify(publicKey),
    ),
    "another key under the same kid": await signed(foreign, claims),
    "another key under a kid of its own": await signed(await otherKey("other"), claims),
    "a key of its own in the header": await signed(foreign, claims, { jwk: publicPart(foreign) }),
    "an address of keys in the header": await signed(foreign, claims, {
      jku: "https://evil.example/keys",
    }),
    "another player in the payload": `${head}.${stolen}.${signature}`,
    "no signature": `${head}.${payload}.`,
    "two parts": `${head}.${payload}`,
    garbage: "garbage",
    "dots only": "..",
  };
}

function goodClaims({ issuer }: StackAccess): JWTPayload {
  const now = Math.floor(Date.now() / 1_000);
  return { sub: "anna", namespace: "default", iss: issuer, iat: now, exp: now + 600 };
}

async function signed(
  key: Readonly<Record<string, unknown>>,
  claims: Claims,
  more: object = {},
): Promise<string> {
  const header = { alg: "ES256", kid: String(key["kid"]), ...more };
  return new SignJWT({ ...claims })
    .setProtectedHeader(header)
    .sign(await importJWK({ ...key }, "ES256"));
}

function publicPart<Key extends Readonly<Record<string, unknown>>>(key: Key): Omit<Key, "d"> {
  const { d: _private, ...rest } = key;
  return rest;
}

async function otherKey(kid: string | undefined): Promise<Record<string, unknown>> {
  const { privateKey } = await generateKeyPair("ES256", { extractable: true });
  return { ...(await exportJWK(privateKey)), kid };
}

function hmac(header: object, claims: object, secret: string | Buffer): string {
  const content = `${encoded(header)}.${encoded(claims)}`;
  return `${content}.${createHmac("sha256", secret).update(content).digest("base64url")}`;
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}

import { createHmac } from "node:crypto";

import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";
import { beforeAll, expect, test } from "vitest";

import { NOON } from "../../../test/support/noon.ts";
import { createIssuerKeys } from "./issuer-keys.ts";
import { createPlayerTokens } from "./player-tokens.ts";

const ISSUER = "https://issuer.example.com";
const JWKS_URL = `${ISSUER}/jwks.json`;
const CLAIMS = { iss: ISSUER, sub: "anna", namespace: "default", exp: NOON / 1_000 + 3_600 };
type SigningKey = Awaited<ReturnType<typeof generateKeyPair>>["privateKey"];

interface KeyPair {
  readonly key: SigningKey;
  readonly jwk: JWK;
}

let own: KeyPair;
let rsa: KeyPair;
let foreign: KeyPair;

beforeAll(async () => {
  own = await aKeyPair("ES256", "own");
  rsa = await aKeyPair("RS256", "rsa");
  foreign = await aKeyPair("ES256", "foreign");
});

async function aKeyPair(alg: string, kid: string): Promise<KeyPair> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { key: privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: "sig" } };
}

/** What becomes of a token, and which addresses were asked for keys. */
async function verify(token: string, keys: readonly JWK[] = [own.jwk, rsa.jwk]) {
  const asked: string[] = [];
  const fetchKeys = async (url: string) => {
    asked.push(url);
    return Response.json({ keys });
  };
  const clock = { now: () => NOON };
  const issuerKeys = createIssuerKeys(JWKS_URL, fetchKeys, clock);
  const tokens = createPlayerTokens({ issuer: ISSUER, audience: null }, issuerKeys, clock);
  return { isTaken: (await tokens.verify(token)).ok, asked };
}

/** A token under any header at all, signed by `key`, or by nobody. */
async function tokenUnder(header: object, { key }: KeyPair = own): Promise<string> {
  const signed = await new SignJWT(CLAIMS).setProtectedHeader({ alg: "ES256" }).sign(key);
  const [, payload = "", signature = ""] = signed.split(".");
  return `${encoded(header)}.${payload}.${signature}`;
}

/** Signed properly, so that nothing but the header can be what is refused. */
function signedUnder(header: object, { key }: KeyPair = own): Promise<string> {
  const full = { alg: "ES256", ...header };
  return new SignJWT(CLAIMS).setProtectedHeader(full).sign(key, { crit: { exotic: true } });
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}

test("the control: a token under a plain header is taken", async () => {
  expect(await verify(await signedUnder({ kid: "own" }))).toEqual({
    isTaken: true,
    asked: [JWKS_URL],
  });
});

test("a token that brings its own key, or says where it lies, is checked with the issuer's all the same", async () => {
  const url = "https://evil.example.com/keys";
  for (const header of [
    { jwk: foreign.jwk },
    { jwk: foreign.jwk, kid: "own" },
    { jku: url, kid: "foreign" },
    { jku: url, kid: "own" },
    { x5u: url, kid: "own" },
    { x5c: ["MIIB"], kid: "own" },
  ]) {
    const { isTaken, asked } = await verify(await signedUnder(header, foreign));
    expect([header, isTaken, asked]).toEqual([header, false, [JWKS_URL]]);
  }
});

test("a key id is a name to compare, never a path, a query or a pattern", async () => {
  for (const kid of ["../../dev/null", "/dev/null", "own' OR '1'='1", "*", "", "OWN", "own\0"]) {
    const { isTaken, asked } = await verify(await signedUnder({ kid }, foreign));
    expect([kid, isTaken, asked]).toEqual([kid, false, [JWKS_URL]]);
  }
  for (const kid of [["own"], { kid: "own" }, 1, true]) {
    const { isTaken } = await verify(await tokenUnder({ alg: "ES256", kid }, foreign));
    expect([kid, isTaken]).toEqual([kid, false]);
  }
});

test("a public key is no secret: HMAC is refused, also where the issuer publishes a symmetric key", async () => {
  const payload = encoded(CLAIMS);
  const secret = Buffer.from("a-secret-that-everybody-knows-by-now");
  const oct = { kty: "oct", kid: "oct", alg: "HS256", k: secret.toString("base64url") };
  for (const [alg, hash] of [
    ["HS256", "sha256"],
    ["HS512", "sha512"],
  ] as const) {
    const content = `${encoded({ alg, kid: "oct" })}.${payload}`;
    const token = `${content}.${createHmac(hash, secret).update(content).digest("base64url")}`;
    expect((await verify(token, [own.jwk, oct])).isTaken).toBe(false);
  }
});

test("the algorithm is the key's: none, another one, or one in other letters is refused", async () => {
  for (const alg of ["none", "None", "NONE", "es256", "RS256", "EdDSA", "ES384", "", null, 1]) {
    const { isTaken } = await verify(await tokenUnder({ alg, kid: "own" }));
    expect([alg, isTaken]).toEqual([alg, false]);
  }
  const crossed = await verify(await tokenUnder({ alg: "RS256", kid: "rsa" }));
  expect(crossed.isTaken).toBe(false);
});

test("what a header declares critical must be understood", async () => {
  const header = { kid: "own", crit: ["exotic"], exotic: true };
  expect((await verify(await signedUnder(header))).isTaken).toBe(false);
  const unencoded = { kid: "own", b64: false, crit: ["b64"], alg: "ES256" };
  expect((await verify(await tokenUnder(unencoded))).isTaken).toBe(false);
});

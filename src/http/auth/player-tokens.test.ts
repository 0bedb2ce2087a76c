import { exportJWK, generateKeyPair, type JWK, SignJWT, UnsecuredJWT } from "jose";
import { beforeAll, describe, expect, test } from "vitest";

import { NOON } from "../../../test/support/noon.ts";
import { createIssuerKeys, IssuerUnreachableError } from "./issuer-keys.ts";
import { createPlayerTokens, type TokenRules } from "./player-tokens.ts";

const ISSUER = "https://issuer.example.com";
const SECOND = 1_000;
type SigningKey = Awaited<ReturnType<typeof generateKeyPair>>["privateKey"];

const signing = new Map<string, { key: SigningKey; jwk: JWK }>();

beforeAll(async () => {
  for (const alg of ["RS256", "ES256", "EdDSA", "PS256"]) {
    const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
    const jwk = { ...(await exportJWK(publicKey)), kid: alg, alg, use: "sig" };
    signing.set(alg, { key: privateKey, jwk });
  }
});

/** An issuer whose keys can be changed, and that can go away. */
class FakeIssuer {
  keyIds = ["RS256", "ES256", "EdDSA", "PS256"];
  isAway = false;
  fetches = 0;

  readonly fetch = async (): Promise<Response> => {
    this.fetches++;
    if (this.isAway) throw new TypeError("fetch failed");
    return Response.json({ keys: this.keyIds.map((kid) => signing.get(kid)?.jwk) });
  };
}

function setUp(rules: Partial<TokenRules> = {}) {
  const issuer = new FakeIssuer();
  const time = { now: NOON };
  const clock = { now: () => time.now };
  const keys = createIssuerKeys(`${ISSUER}/jwks.json`, issuer.fetch, clock);
  const tokens = createPlayerTokens({ issuer: ISSUER, audience: null, ...rules }, keys, clock);
  return { issuer, time, tokens };
}

interface TokenWish {
  readonly alg?: string;
  readonly claims?: Record<string, unknown>;
}

async function aToken({ alg = "ES256", claims = {} }: TokenWish = {}): Promise<string> {
  const pair = signing.get(alg);
  if (pair === undefined) throw new Error(`There is no key for ${alg}.`);
  const standard = {
    iss: ISSUER,
    sub: "anna",
    namespace: "default",
    exp: NOON / SECOND + 3_600,
  };
  return new SignJWT({ ...standard, ...claims })
    .setProtectedHeader({ alg, kid: alg })
    .sign(pair.key);
}

describe("a token of the issuer", () => {
  test.each(["RS256", "ES256", "EdDSA"])("signed with %s names the player", async (alg) => {
    const { tokens } = setUp();
    expect(await tokens.verify(await aToken({ alg }))).toEqual({
      ok: true,
      value: { namespace: "default", userId: "anna" },
    });
  });

  test("is verified once and then remembered, but not beyond its end", async () => {
    const { tokens, time, issuer } = setUp();
    const token = await aToken({ claims: { exp: NOON / SECOND + 30 } });
    expect((await tokens.verify(token)).ok).toBe(true);
    issuer.keyIds = [];
    expect((await tokens.verify(token)).ok).toBe(true);
    time.now += 40 * SECOND;
    expect((await tokens.verify(token)).ok).toBe(false);
  });

  test("may come five seconds too early or too late: clocks differ", async () => {
    const { tokens } = setUp();
    const isTaken = async (claims: Record<string, unknown>) =>
      (await tokens.verify(await aToken({ claims }))).ok;
    expect(await isTaken({ exp: NOON / SECOND - 4 })).toBe(true);
    expect(await isTaken({ exp: NOON / SECOND - 6 })).toBe(false);
    expect(await isTaken({ nbf: NOON / SECOND + 5 })).toBe(true);
    expect(await isTaken({ nbf: NOON / SECOND + 6 })).toBe(false);
  });

  test("for our audience is taken, for another or for none is not", async () => {
    const { tokens } = setUp({ audience: "gauntlet" });
    const isTaken = async (claims: Record<string, unknown>) =>
      (await tokens.verify(await aToken({ claims }))).ok;
    expect(await isTaken({ aud: ["gauntlet", "other"] })).toBe(true);
    expect(await isTaken({ aud: "other" })).toBe(false);
    expect(await isTaken({})).toBe(false);
  });
});

describe("UNAUTHENTICATED is a token", () => {
  test.each<[string, TokenWish]>([
    ["of another issuer", { claims: { iss: "https://evil.example.com" } }],
    ["that has expired", { claims: { exp: NOON / SECOND - 60 } }],
    ["without an end", { claims: { exp: undefined } }],
    ["that is not valid yet", { claims: { nbf: NOON / SECOND + 60 } }],
    ["without a subject", { claims: { sub: undefined } }],
    ["whose subject cannot be an id", { claims: { sub: "a\u0000b" } }],
    ["whose subject is too long", { claims: { sub: "x".repeat(101) } }],
    ["without a namespace", { claims: { namespace: undefined } }],
    ["whose namespace is none", { claims: { namespace: "No Such" } }],
    ["signed with an algorithm that is not allowed", { alg: "PS256" }],
  ])("%s", async (_, wish) => {
    const { tokens } = setUp();
    const verified = await tokens.verify(await aToken(wish));
    expect(verified).toMatchObject({ ok: false, failure: { code: "UNAUTHENTICATED" } });
  });

  test("that is no JWT, is unsigned, is tampered with, or uses the public key as a secret", async () => {
    const { tokens } = setUp();
    const good = await aToken();
    const [header, , signature] = good.split(".");
    const payload = Buffer.from(JSON.stringify({ iss: ISSUER, sub: "eve", namespace: "default" }));
    const secret = new TextEncoder().encode(JSON.stringify(signing.get("RS256")?.jwk));
    const symmetric = await new SignJWT({ iss: ISSUER, sub: "eve", namespace: "default" })
      .setProtectedHeader({ alg: "HS256", kid: "RS256" })
      .setExpirationTime("1h")
      .sign(secret);
    for (const token of [
      "gk_game_secret",
      new UnsecuredJWT({ iss: ISSUER, sub: "eve", namespace: "default" }).encode(),
      `${header}.${payload.toString("base64url")}.${signature}`,
      symmetric,
    ]) {
      expect(await tokens.verify(token)).toMatchObject({ ok: false });
    }
  });
});

describe("the issuer's keys", () => {
  test("are read once for many tokens", async () => {
    const { tokens, issuer } = setUp();
    for (const alg of ["RS256", "ES256", "EdDSA"]) await tokens.verify(await aToken({ alg }));
    expect(issuer.fetches).toBe(1);
  });

  test("are read again for a key that is new, but not for each invented one", async () => {
    const { tokens, issuer, time } = setUp();
    issuer.keyIds = ["RS256"];
    expect((await tokens.verify(await aToken({ alg: "RS256" }))).ok).toBe(true);
    issuer.keyIds = ["RS256", "ES256"];
    expect((await tokens.verify(await aToken())).ok).toBe(false);
    expect(issuer.fetches).toBe(1);
    time.now += 31 * SECOND;
    expect((await tokens.verify(await aToken())).ok).toBe(true);
    expect(issuer.fetches).toBe(2);
    expect((await tokens.verify(await aToken({ alg: "EdDSA" }))).ok).toBe(false);
    expect(issuer.fetches).toBe(2);
  });

  test("that the issuer withdraws stop working, within eleven minutes", async () => {
    const { tokens, issuer, time } = setUp();
    const token = await aToken();
    expect((await tokens.verify(token)).ok).toBe(true);
    issuer.keyIds = ["RS256"];
    time.now += 661 * SECOND;
    expect((await tokens.verify(token)).ok).toBe(false);
    expect((await tokens.verify(await aToken({ alg: "RS256" }))).ok).toBe(true);
  });

  test("go on working while the issuer is away, also when they are old", async () => {
    const { tokens, issuer, time } = setUp();
    await tokens.verify(await aToken());
    issuer.isAway = true;
    time.now += 700 * SECOND;
    expect((await tokens.verify(await aToken({ alg: "RS256" }))).ok).toBe(true);
    expect(issuer.fetches).toBe(2);
  });

  test("that nobody can read are the issuer's fault, not the token's, and not asked for at each request", async () => {
    const { tokens, issuer, time } = setUp();
    issuer.isAway = true;
    const token = await aToken();
    await expect(tokens.verify(token)).rejects.toThrow(IssuerUnreachableError);
    await expect(tokens.verify(token)).rejects.toThrow(IssuerUnreachableError);
    expect(issuer.fetches).toBe(1);
    issuer.isAway = false;
    time.now += 1 * SECOND;
    expect((await tokens.verify(token)).ok).toBe(true);
  });
});

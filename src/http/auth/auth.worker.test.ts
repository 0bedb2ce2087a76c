import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { expect, test } from "vitest";

import type { ApiKey } from "../../config.ts";
import { createIssuerKeys } from "./issuer-keys.ts";
import { createPlayerTokens } from "./player-tokens.ts";
import { createServerKeys } from "./server-keys.ts";

const ISSUER = "https://issuer.example.com";
const clock = { now: () => Date.now() };

test.each(["RS256", "ES256", "EdDSA"])("workerd verifies tokens signed with %s", async (alg) => {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: "k", alg, use: "sig" };
  const keys = createIssuerKeys(ISSUER, async () => Response.json({ keys: [jwk] }), clock);
  const tokens = createPlayerTokens({ issuer: ISSUER, audience: null }, keys, clock);
  const token = await new SignJWT({ namespace: "default" })
    .setProtectedHeader({ alg, kid: "k" })
    .setIssuer(ISSUER)
    .setSubject("anna")
    .setExpirationTime("1h")
    .sign(privateKey);
  expect(await tokens.verify(token)).toMatchObject({ ok: true, value: { userId: "anna" } });
  const forged = `${token.slice(0, -8)}AAAAAAAA`;
  expect(await tokens.verify(forged)).toMatchObject({ ok: false });
});

test("workerd compares key hashes in constant time", async () => {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode("gk_game_s3cret"));
  const sha256 = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0"));
  const key: ApiKey = { id: "game", sha256: sha256.join(""), namespace: null, scopes: [] };
  const keys = createServerKeys([key], (a, b) => crypto.subtle.timingSafeEqual(a, b));
  expect(keys.find("gk_game_s3cret")?.id).toBe("game");
  expect(keys.find("gk_game_other")).toBeNull();
});

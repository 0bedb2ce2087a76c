import { createLocalJWKSet, jwtVerify } from "jose";
import { expect, test } from "vitest";

import { makeSigningKey, publicKeySet, signPlayerToken } from "./signing-key.ts";

const NOW = Date.parse("2026-11-24T12:00:00Z");

test("a token verifies against the published key set and names player, namespace, issuer and times", async () => {
  const key = await makeSigningKey();
  const subject = { userId: "u1", namespace: "eu" };
  const token = await signPlayerToken(key, "urn:issuer", subject, NOW);
  const { payload } = await jwtVerify(token, createLocalJWKSet(publicKeySet(key)), {
    issuer: "urn:issuer",
    currentDate: new Date(NOW),
  });
  expect(payload).toEqual({
    sub: "u1",
    namespace: "eu",
    iss: "urn:issuer",
    iat: NOW / 1000,
    exp: NOW / 1000 + 30 * 86_400,
  });
});

test("the key set does not hold the private half", async () => {
  const key = await makeSigningKey();
  const published = JSON.stringify(publicKeySet(key));
  expect(published).toContain(key["x"]);
  expect(published).not.toContain(key["d"]);
});

test("a token of another state's key does not verify", async () => {
  const [mine, other] = [await makeSigningKey(), await makeSigningKey()];
  const subject = { userId: "u1", namespace: "eu" };
  const token = await signPlayerToken({ ...other, kid: mine["kid"] ?? "" }, "i", subject, NOW);
  await expect(jwtVerify(token, createLocalJWKSet(publicKeySet(mine)))).rejects.toThrow(
    "signature verification failed",
  );
});

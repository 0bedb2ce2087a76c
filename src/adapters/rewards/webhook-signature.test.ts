import { describe, expect, it } from "vitest";

import { type WebhookKey, webhookKeys, webhookSignatures } from "./webhook-signature.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OTHER = `whsec_${Buffer.alloc(64, 7).toString("base64")}`;
const MESSAGE = {
  id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
  timestampSeconds: 1_614_265_330,
  body: '{"test": 2432232314}',
};
/** The test vector of the Standard Webhooks libraries for SECRET and MESSAGE. */
const SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

function keysIn(secrets: string): readonly WebhookKey[] {
  const keys = webhookKeys(secrets);
  if (keys === null) throw new Error(`No keys in ${secrets}`);
  return keys;
}

describe("a webhook signature", () => {
  it("is the one of the specification's libraries", async () => {
    expect(await webhookSignatures(MESSAGE, keysIn(SECRET))).toBe(SIGNATURE);
  });

  it("is there for each of two secrets, separated by a space", async () => {
    const both = await webhookSignatures(MESSAGE, keysIn(`${OTHER} ${SECRET}`));
    const [first, second, ...more] = both.split(" ");
    expect([first, second, more]).toEqual([
      await webhookSignatures(MESSAGE, keysIn(OTHER)),
      SIGNATURE,
      [],
    ]);
    expect(first).not.toBe(SIGNATURE);
  });

  it("covers bytes, not characters", async () => {
    const signatures = ["é", "e\u0301"].map((body) =>
      webhookSignatures({ ...MESSAGE, body }, keysIn(SECRET)),
    );
    const [composed, decomposed] = await Promise.all(signatures);
    expect(composed).not.toBe(decomposed);
  });
});

describe("a list of webhook secrets", () => {
  it("may be separated by spaces, commas or both", () => {
    for (const list of [`${SECRET},${OTHER}`, ` ${SECRET}, ${OTHER} `, `${SECRET}\n${OTHER}`]) {
      expect(keysIn(list).map(({ length }) => length)).toEqual([24, 64]);
    }
  });

  it.each<[string, string]>([
    ["is empty", " "],
    ["has three", `${SECRET} ${OTHER} ${SECRET}`],
    ["has one without its prefix", `${SECRET} ${SECRET.slice(6)}`],
    ["has one that is no base64", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS"],
    ["has one of base64url", "whsec_-_KQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
    ["has one that is too short", `whsec_${Buffer.alloc(23).toString("base64")}`],
    ["has one that is too long", `whsec_${Buffer.alloc(65).toString("base64")}`],
  ])("is none when it %s", (_, list) => {
    expect(webhookKeys(list)).toBeNull();
  });
});

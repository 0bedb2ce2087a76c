import { createHmac } from "node:crypto";

import { expect, onTestFinished, test } from "vitest";

import { temporaryFolder } from "../testing/temporary-folder.ts";
import { REWARD_FATES, rewardFateOf } from "./reward-fates.ts";
import { createRewardService, type RewardService } from "./reward-service.ts";

/** Processes start here. */
const TIMEOUT_MS = 20_000;

async function startedService(forgetsKeys = false): Promise<RewardService> {
  const service = await createRewardService(temporaryFolder(), { forgetsKeys });
  onTestFinished(() => service.kill());
  await service.start(null);
  return service;
}

/** Delivers a grant of ada's as the product does; answers the status, or 0 when nobody answered. */
async function deliver(service: RewardService, key: string, change: object = {}): Promise<number> {
  const { WEBHOOK_URL: url = "", WEBHOOK_SECRETS: secret = "" } = service.workerVars;
  const data = { namespace: "default", userId: "ada", goalId: "kills" };
  const body = JSON.stringify({ type: "reward.grant", data });
  const secretKey = Buffer.from(secret.slice("whsec_".length), "base64");
  const signature = createHmac("sha256", secretKey).update(`${key}.1.${body}`).digest("base64");
  const headers = {
    "webhook-id": key,
    "webhook-timestamp": "1",
    "webhook-signature": `v1,${signature}`,
    ...change,
  };
  const answer = await fetch(url, { method: "POST", headers, body }).catch(() => null);
  return answer?.status ?? 0;
}

const credit = { namespace: "default", userId: "ada", goalId: "kills" };

test("credits a key once, also when it is killed in between", { timeout: TIMEOUT_MS }, async () => {
  const service = await startedService();
  expect(await deliver(service, "a")).toBe(200);
  await service.kill();
  expect(await deliver(service, "a")).toBe(0);
  await service.start(null);
  expect([await deliver(service, "a"), await deliver(service, "b")]).toEqual([200, 200]);
  expect(service.content.credits).toMatchObject([
    { key: "a", ...credit },
    { key: "b", ...credit },
  ]);
  expect(service.content.deliveries).toEqual(["fine", "repeat", "fine"]);
});

test("credits nothing that is not signed", { timeout: TIMEOUT_MS }, async () => {
  const service = await startedService();
  expect(await deliver(service, "a", { "webhook-signature": "v1,AAAA" })).toBe(401);
  expect(service.content.credits).toEqual([]);
});

test("forgets keys when a control wants it", { timeout: TIMEOUT_MS }, async () => {
  const service = await startedService(true);
  await deliver(service, "a");
  await deliver(service, "a");
  expect(service.content.credits.map(({ key }) => key)).toEqual(["a", "a"]);
});

test("every fault comes, the same at every run, and more than half of the deliveries end well", () => {
  const fates = Array.from({ length: 2_000 }, (_, delivery) => rewardFateOf(7, delivery));
  expect(new Set(fates)).toEqual(new Set(REWARD_FATES));
  expect(fates).toEqual(fates.map((_, delivery) => rewardFateOf(7, delivery)));
  expect(fates.filter((fate) => fate === "fine").length).toBeGreaterThan(1_000);
});

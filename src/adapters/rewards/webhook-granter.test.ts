import { afterEach, beforeEach, describe, expect, it } from "vitest";

import {
  type FakeRewardService,
  type Fate,
  startFakeRewardService,
} from "../../../test/support/fake-reward-service.ts";
import { aGrantRequest } from "../../../test/support/reward-requests.ts";
import type { GrantOutcome } from "../../core/ports.ts";
import { createWebhookGranter } from "./webhook-granter.ts";
import { webhookKeys } from "./webhook-signature.ts";

const SECRET = `whsec_${Buffer.alloc(32, 1).toString("base64")}`;
const NEXT_SECRET = `whsec_${Buffer.alloc(32, 2).toString("base64")}`;
const TIMEOUT_MS = 300;

let service: FakeRewardService;
let nowMs = Date.UTC(2026, 10, 24, 12);

beforeEach(async () => {
  service = await startFakeRewardService(SECRET);
});
afterEach(() => service.stop());

function grant({ secrets = SECRET, url = service.url, request = aGrantRequest() } = {}) {
  const tools = { fetch, clock: { now: () => nowMs }, timeoutMs: TIMEOUT_MS };
  return createWebhookGranter({ url, keys: webhookKeys(secrets) ?? [] }, tools).grant(request);
}

function answered(status: number, body?: object): Fate {
  return { kind: "answer", status, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
}

describe("a webhook", () => {
  it("hands over the grant with its id as the key of the delivery, signed", async () => {
    expect(await grant()).toEqual({ outcome: "granted" });
    const request = aGrantRequest();
    expect(service.granted.get(request.grantId)).toEqual({
      grantId: request.grantId,
      namespace: "arena",
      userId: "ada",
      challengeId: "first-steps",
      goalId: "ten-kills",
      reward: { type: "WALLET", rewardId: "GOLD", quantity: 100 },
    });
    expect(service.deliveries[0]?.headers).toMatchObject({
      "content-type": "application/json",
      "webhook-id": request.grantId,
      "idempotency-key": request.grantId,
      "webhook-timestamp": String(nowMs / 1_000),
    });
  });

  it("repeats the id and every byte of the body, but signs the time of each attempt", async () => {
    await grant();
    nowMs += 5_000;
    await grant({ request: aGrantRequest({ unansweredAt: nowMs }) });
    const [first, second] = service.deliveries;
    expect(second?.body).toBe(first?.body);
    expect(second?.headers["webhook-id"]).toBe(first?.headers["webhook-id"]);
    expect(second?.headers["webhook-signature"]).not.toBe(first?.headers["webhook-signature"]);
    expect(service.granted.size).toBe(1);
  });

  it("is taken while secrets change, whichever the receiver knows, and not with a strange one", async () => {
    expect(await grant({ secrets: `${NEXT_SECRET} ${SECRET}` })).toEqual({ outcome: "granted" });
    expect(await grant({ secrets: NEXT_SECRET })).toMatchObject({ outcome: "deferred" });
    expect(service.granted.size).toBe(1);
  });

  it.each<[GrantOutcome["outcome"], readonly number[]]>([
    ["granted", [200, 201, 202, 204]],
    ["deferred", [301, 302, 307, 308, 401, 403, 404, 405, 410, 429]],
    ["unknown", [408, 409, 500, 502, 503, 504]],
    ["rejected", [400, 402, 406, 413, 418, 422]],
  ])("is %s by an answer of %j", async (outcome, statuses) => {
    for (const status of statuses) {
      service.fates.push(answered(status));
      expect([status, await grant()]).toEqual([status, expect.objectContaining({ outcome })]);
    }
  });

  it("names a configuration fault as one", async () => {
    for (const status of [302, 401, 403, 404]) {
      service.fates.push(answered(status));
      expect(await grant()).toMatchObject({
        reason: expect.stringMatching(/^Configuration fault/),
      });
    }
  });

  it("does not follow a redirect", async () => {
    const elsewhere = await startFakeRewardService(SECRET);
    service.fates.push({ kind: "answer", status: 307, location: elsewhere.url });
    expect(await grant()).toMatchObject({ outcome: "deferred" });
    expect(elsewhere.deliveries).toEqual([]);
    await elsewhere.stop();
  });

  it("tells why it was refused in the service's words, and nothing else of the answer", async () => {
    service.fates.push(answered(422, { detail: "No such currency: GOLD", trace: "hunter2" }));
    const reason = "The reward service answered 422: No such currency: GOLD";
    expect(await grant()).toEqual({ outcome: "rejected", reason });
    service.fates.push({ kind: "answer", status: 400, body: "<html>hunter2</html>" });
    expect(await grant()).toMatchObject({ reason: "The reward service answered 400." });
    service.fates.push(answered(400, { message: "x".repeat(1_000) }));
    const long = await grant();
    expect(JSON.stringify(long).length).toBeLessThan(300);
  });

  it("reads only the beginning of a long answer", async () => {
    service.fates.push(answered(422, { detail: "y".repeat(2_000_000) }));
    expect(await grant()).toEqual({
      outcome: "rejected",
      reason: "The reward service answered 422.",
    });
  });

  it("is unknown when the answer is lost or late, and granted once when it is asked for again", async () => {
    service.fates.push({ kind: "lose-answer" }, { kind: "hang" });
    expect(await grant()).toMatchObject({ outcome: "unknown" });
    const startedAt = Date.now();
    expect(await grant()).toEqual({
      outcome: "unknown",
      reason: `The reward service did not answer within ${TIMEOUT_MS} ms.`,
    });
    expect(Date.now() - startedAt).toBeLessThan(TIMEOUT_MS + 1_000);
    expect(await grant()).toEqual({ outcome: "granted" });
    expect([service.deliveries.length, service.granted.size]).toEqual([3, 1]);
  });

  it("is unknown when nobody listens", async () => {
    await service.stop();
    const outcome = await grant({ url: service.url });
    expect(outcome).toMatchObject({ outcome: "unknown" });
    service = await startFakeRewardService(SECRET);
  });
});

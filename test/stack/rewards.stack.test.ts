import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { type FakeAgs, startFakeAgs } from "../support/fake-ags.ts";
import { type FakeRewardService, startFakeRewardService } from "../support/fake-reward-service.ts";
import { Api } from "./api.ts";
import { startContractStack, type ContractStack } from "./contract-stack.ts";
import { expectBody, expectProblem } from "./expect-answer.ts";
import { testRepairs } from "./grant-repairs.ts";
import type { Player } from "./player.ts";
import { claimed } from "./shapes.ts";
import { storedGrants } from "./stored.ts";

// Stacks of their own: reward services stand behind them.
const folder = mkdtempSync(join(tmpdir(), "gauntlet-rewards-"));
chmodSync(folder, 0o711);
const SECRET = `whsec_${Buffer.alloc(32, 1).toString("base64")}`;
const CLIENT = { clientId: "gauntlet", clientSecret: "hunter2" };
/** Of WALLET, and of ITEM. */
const KILLS = "defaults/default-kills";
const LOGIN = "defaults/default-login";
/** Longer than the pauses between the first tries, with room for a busy machine. */
const SETTLED = { timeout: 20_000, interval: 200 };

let running: ContractStack;
let api: Api;

async function start(name: string, vars: Readonly<Record<string, string>>): Promise<void> {
  running = await startContractStack(join(folder, name), { vars });
  api = new Api(running.access);
}

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A player who has completed both goals. */
async function winner(): Promise<Player> {
  const player = await api.player();
  await player.does({ statCode: "kills", latestValue: 10 }, {});
  return player;
}

async function ledger(player: Player) {
  const lines = await storedGrants(running.access.databaseUrl, player.userId);
  return lines.map(({ goalId, state }) => [goalId, state]);
}

describe("rewards by webhook", () => {
  let service: FakeRewardService;

  beforeAll(async () => {
    service = await startFakeRewardService(SECRET);
    await start("webhook", {
      REWARDS: "webhook",
      WEBHOOK_URL: service.url,
      WEBHOOK_SECRETS: SECRET,
      WEBHOOK_ALLOW_PRIVATE: "true",
      // After the sixth try: the fifth is 3.75 s after the claim, the sixth 4 s later.
      GRANT_PARK_AFTER_SECONDS: "6",
    });
  });

  afterAll(async () => {
    await running.stack.stop();
    await service.stop();
  });

  function deliveriesOf(grantId: string) {
    return service.deliveries.filter(({ headers }) => headers["webhook-id"] === grantId);
  }

  test("a claim is paid by the service, under the grant id that the player is told", async () => {
    const player = await winner();
    const { grantId } = expectBody(await player.claim(KILLS), 200, claimed);
    expect(service.granted.get(grantId)).toEqual({
      grantId,
      namespace: "default",
      userId: player.userId,
      challengeId: "defaults",
      goalId: "default-kills",
      reward: { type: "WALLET", rewardId: "GOLD", quantity: 100 },
    });
    await expect.poll(() => ledger(player), SETTLED).toEqual([["default-kills", "granted"]]);
    expect(deliveriesOf(grantId)).toHaveLength(1);
  });

  test("a lost answer costs a second delivery, and pays once", async () => {
    const player = await winner();
    service.fates.push({ kind: "lose-answer" });
    const { grantId } = expectBody(await player.claim(KILLS), 200, claimed);
    expect(deliveriesOf(grantId)).toHaveLength(2);
    expect(new Set(deliveriesOf(grantId).map(({ body }) => body)).size).toBe(1);
  });

  test("while the service is down a claim is pending, and is paid once it is back", async () => {
    const player = await winner();
    const down = Array.from({ length: 5 }, () => ({ kind: "answer", status: 503 }) as const);
    service.fates.push(...down);
    const answer = await player.claim(KILLS);
    expect([answer.status, answer.json]).toEqual([
      202,
      expect.objectContaining({ status: "pending" }),
    ]);
    const status = async () => (await player.goal("default-kills"))?.status;
    await expect.poll(status, SETTLED).toBe("claimed");
    await expect.poll(() => ledger(player), SETTLED).toEqual([["default-kills", "granted"]]);
  });

  test("a refusal is told in the service's words, and the goal can be claimed again", async () => {
    const player = await winner();
    const body = JSON.stringify({ detail: "Your inventory is full." });
    service.fates.push({ kind: "answer", status: 422, body });
    const refused = expectProblem(await player.claim(KILLS), 502, "REWARD_REJECTED");
    expect(refused.detail).toContain("Your inventory is full.");
    expect(await player.goal("default-kills")).toMatchObject({ status: "completed" });
    expectBody(await player.claim(KILLS), 200, claimed);
  });

  testRepairs({ api: () => api, service: () => service, winner });
});

describe("rewards by AccelByte Gaming Services", () => {
  let ags: FakeAgs;

  beforeAll(async () => {
    ags = await startFakeAgs(CLIENT);
    await start("ags", {
      REWARDS: "accelbyte",
      AGS_BASE_URL: ags.url,
      AGS_CLIENT_ID: CLIENT.clientId,
      AGS_CLIENT_SECRET: CLIENT.clientSecret,
    });
  });

  afterAll(async () => {
    await running.stack.stop();
    await ags.stop();
  });

  test("a currency is credited and an item granted, in the player's namespace", async () => {
    const player = await winner();
    const { grantId } = expectBody(await player.claim(KILLS), 200, claimed);
    expectBody(await player.claim(LOGIN), 200, claimed);
    const namespace = "default";
    expect(ags.state.of(player.userId)).toMatchObject([
      { how: "credit", namespace, rewardId: "GOLD", metadata: { gauntletGrantId: grantId } },
      { how: "entitlement", namespace, rewardId: "crown", quantity: 1 },
    ]);
  });

  test("a credit whose answer is lost is found in the wallet, and not paid again", async () => {
    const player = await winner();
    ags.fates.push({ kind: "lose-answer" });
    expectBody(await player.claim(KILLS), 200, claimed);
    expect(ags.state.count(player.userId, "GOLD")).toBe(1);
  });

  test("a token that AGS takes no more is replaced, unseen by the player", async () => {
    const player = await winner();
    ags.revokeTokens();
    expectBody(await player.claim(KILLS), 200, claimed);
    expect(ags.state.count(player.userId, "GOLD")).toBe(1);
  });

  test("an item whose answer is lost stays pending: nobody but AGS knows, and it forgets", async () => {
    const player = await winner();
    ags.fates.push({ kind: "bad-gateway" });
    expect((await player.claim(LOGIN)).status).toBe(202);
    await expect.poll(() => ledger(player), SETTLED).toEqual([["default-login", "pending"]]);
    expect(ags.state.count(player.userId, "crown")).toBe(1);
  });
});

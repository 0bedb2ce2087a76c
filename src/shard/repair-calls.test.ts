import { describe, expect, test } from "vitest";

import { aCatalog, aGoal } from "../../test/support/builders.ts";
import { SimulatedShard } from "../../test/support/simulated-shard.ts";
import type { RepairGrant } from "../core/operation.ts";
import type { GrantOutcome } from "../core/ports.ts";

const CATALOG = aCatalog(
  aGoal({
    goalId: "kills",
    requirement: { progressMode: "count", targetValue: 1 },
    defaultAssigned: true,
  }),
);
const CLAIM = { kind: "claim", challengeId: "first-steps", goalId: "kills" } as const;
const DOWN: GrantOutcome = { outcome: "deferred", reason: "down" };
const GRANTED: GrantOutcome = { outcome: "granted" };

/** A shard whose reward service answers what the test says, and whose alice has a claim that is open. */
class OpenClaimShard extends SimulatedShard {
  answer: () => Promise<GrantOutcome> = () => Promise.resolve(DOWN);
  grantId = "";

  constructor(grantParkAfterMs = 86_400_000) {
    super(CATALOG, { settings: { grantParkAfterMs } });
    this.grant = () => this.answer();
  }

  async open(): Promise<this> {
    await this.time.until(this.event("e1", "alice"));
    const claimed = await this.claim("c1");
    this.grantId =
      claimed.ok && claimed.value.result.kind === "claim" ? claimed.value.result.grantId : "";
    return this;
  }

  claim(key: string) {
    return this.time.until(this.command("alice", CLAIM, key));
  }

  repair(repair: RepairGrant["repair"], key = repair) {
    const command = { kind: "repair-grant", grantId: this.grantId, repair } as const;
    return this.time.until(this.command("alice", command, key));
  }

  /** What Postgres has, after a flush. */
  async ledger() {
    await this.time.until(this.alarm());
    return this.store.grants.get(this.grantId);
  }

  async row() {
    const view = await this.time.until(this.view("alice"));
    return view.ok ? view.value.rows.find(({ goalId }) => goalId === "kills") : undefined;
  }

  async park(): Promise<void> {
    await this.time.pass(70_000);
    const line = await this.ledger();
    if (line?.state !== "parked") throw new Error(`The grant is ${line?.state}.`);
  }
}

const opened = (parkAfterMs?: number) => new OpenClaimShard(parkAfterMs).open();

describe("a grant that is marked as delivered", () => {
  test.each(["pending", "parked"])(
    "settles its claim as the reward service would: %s",
    async (state) => {
      const shard = await opened(state === "parked" ? 1 : undefined);
      if (state === "parked") await shard.park();
      const repaired = await shard.repair("deliver");
      expect(repaired).toMatchObject({
        ok: true,
        value: { result: { line: { state: "granted" } } },
      });
      expect(await shard.ledger()).toMatchObject({
        state: "granted",
        grantedAt: expect.any(Number),
      });
      expect(await shard.row()).toMatchObject({ status: "claimed", openClaim: null });
      const asked = shard.granted.length;
      await shard.time.pass(600_000);
      expect(shard.granted).toHaveLength(asked);
      expect(await shard.claim("c1")).toMatchObject({ value: { result: { status: "claimed" } } });
      expect(await shard.claim("c2")).toMatchObject({ failure: { code: "ALREADY_CLAIMED" } });
    },
  );
});

describe("a grant that is cancelled", () => {
  test("gives its goal back, which is claimed under the same grant id", async () => {
    const shard = await opened(1);
    await shard.park();
    expect(await shard.repair("cancel")).toMatchObject({ ok: true });
    expect(await shard.ledger()).toMatchObject({ state: "cancelled" });
    expect(await shard.row()).toMatchObject({ status: "completed", openClaim: null });
    shard.answer = () => Promise.resolve(GRANTED);
    const again = await shard.claim("c2");
    expect(again).toMatchObject({
      value: { result: { status: "claimed", grantId: shard.grantId } },
    });
    expect(await shard.claim("c1")).toMatchObject({ failure: { code: "REWARD_REJECTED" } });
  });

  test("while a call is under way that pays, is granted in the end", async () => {
    const shard = new OpenClaimShard();
    const { promise, resolve } = Promise.withResolvers<GrantOutcome>();
    shard.answer = () => promise;
    await shard.open();
    await shard.repair("cancel");
    expect(await shard.row()).toMatchObject({ status: "completed", openClaim: null });
    resolve(GRANTED);
    await shard.time.pass(10);
    expect(await shard.ledger()).toMatchObject({ state: "granted" });
    expect(await shard.row()).toMatchObject({ status: "claimed" });
  });

  test("while a call is under way that refuses, stays cancelled", async () => {
    const shard = new OpenClaimShard();
    const { promise, resolve } = Promise.withResolvers<GrantOutcome>();
    shard.answer = () => promise;
    await shard.open();
    await shard.repair("cancel");
    resolve({ outcome: "rejected", reason: "no gold" });
    await shard.time.pass(10);
    expect(await shard.ledger()).toMatchObject({ state: "cancelled" });
  });

  test("and claimed again before that call ends, is asked for as one that may be paid, and is settled by it", async () => {
    const shard = new OpenClaimShard();
    const { promise, resolve } = Promise.withResolvers<GrantOutcome>();
    shard.answer = () => promise;
    await shard.open();
    await shard.repair("cancel");
    shard.answer = () => new Promise(() => undefined);
    const again = shard.claim("c2");
    await shard.time.pass(100);
    expect(shard.granted.map(({ unansweredAt }) => unansweredAt)).toEqual([
      null,
      expect.any(Number),
    ]);
    resolve(GRANTED);
    expect(await again).toMatchObject({ value: { result: { status: "claimed" } } });
    expect(await shard.ledger()).toMatchObject({ state: "granted" });
  });
});

describe("a grant that is retried", () => {
  test("is asked for at once, under the same key, and for another day", async () => {
    const shard = await opened(1);
    await shard.park();
    const asked = shard.granted.length;
    expect(await shard.repair("retry")).toMatchObject({
      value: { result: { line: { state: "pending", attempts: asked } } },
    });
    expect(new Set(shard.granted.map(({ grantId }) => grantId))).toEqual(new Set([shard.grantId]));
    expect(shard.granted.length).toBeGreaterThan(asked);
  });

  test("while it waits for its next try does not wait any longer", async () => {
    const shard = await opened();
    await shard.time.pass(600_000);
    shard.answer = () => Promise.resolve(GRANTED);
    await shard.repair("retry");
    expect(await shard.ledger()).toMatchObject({ state: "granted" });
  });
});

describe("a repair", () => {
  test("is answered when Postgres has it, and a repeat of it as it was", async () => {
    const shard = await opened(1);
    await shard.park();
    const command = { kind: "repair-grant", grantId: shard.grantId, repair: "cancel" } as const;
    const repaired = shard.command("alice", command, "k1");
    await shard.time.pass(500);
    void shard.alarm();
    const first = await shard.time.until(repaired);
    expect(shard.store.grants.get(shard.grantId)).toMatchObject({ state: "cancelled" });
    expect(await shard.time.until(shard.command("alice", command, "k1"))).toEqual(first);
    expect(await shard.repair("cancel", "deliver")).toMatchObject({
      failure: { code: "CONFLICT" },
    });
  });

  test("of another player's grant finds none", async () => {
    const shard = await opened();
    const command = { kind: "repair-grant", grantId: shard.grantId, repair: "cancel" } as const;
    const repaired = await shard.time.until(shard.command("bob", command, "k1"));
    expect(repaired).toMatchObject({ failure: { code: "CONFLICT" } });
  });

  test("reaches a parked claim whose player was erased, also after a restart", async () => {
    const shard = await opened(1);
    await shard.park();
    await shard.time.until(shard.command("alice", { kind: "erase" }, "x1"));
    await shard.ledger();
    shard.start({ grantParkAfterMs: 1 });
    expect(await shard.repair("deliver")).toMatchObject({ ok: true });
    expect(await shard.ledger()).toMatchObject({ state: "granted", isAnonymous: true });
    expect(await shard.row()).toBeUndefined();
  });

  test("goes on after a restart that comes before its flush", async () => {
    const shard = await opened(1);
    await shard.park();
    await shard.repair("cancel");
    shard.start();
    expect(await shard.row()).toMatchObject({ status: "completed", openClaim: null });
    expect(await shard.ledger()).toMatchObject({ state: "cancelled" });
  });
});

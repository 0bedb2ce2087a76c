import { describe, expect, test } from "vitest";

import { aCatalog, aGoal } from "../../test/support/builders.ts";
import { SimulatedShard } from "../../test/support/simulated-shard.ts";
import { PLAYER_LIMITS } from "../core/limits.ts";

const GOAL = { goalId: "kills", defaultAssigned: true };
const CATALOG = aCatalog(aGoal({ ...GOAL, requirement: { statCode: "kills", targetValue: 3 } }));
const { commands, callsInFlight, operationsNotStored } = PLAYER_LIMITS;

const CLAIM = {
  kind: "claim",
  challengeId: CATALOG.document.challenges[0]?.challengeId ?? "",
  goalId: "kills",
} as const;
const INITIALIZE = { kind: "initialize" } as const;

/** A shard whose players "ada" and "bob" are in memory. */
async function aShard(): Promise<SimulatedShard> {
  const shard = new SimulatedShard(CATALOG);
  for (const userId of ["ada", "bob"]) await shard.time.until(shard.event("e0", userId));
  return shard;
}

/** Sends commands one after another; answers the codes of those that were refused. */
async function sendCommands(shard: SimulatedShard, userId: string, keys: readonly string[]) {
  const refused: string[] = [];
  for (const key of keys) {
    const answer = await shard.time.until(shard.command(userId, INITIALIZE, key));
    if (!answer.ok) refused.push(answer.failure.code);
  }
  return refused;
}

function keysFrom(first: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `k${first + index}`);
}

describe("a player who sends too many commands", () => {
  test("is told to slow down and when to come again, while others and events go on", async () => {
    const shard = await aShard();
    expect(await sendCommands(shard, "ada", keysFrom(0, commands.requests))).toEqual([]);
    const answer = await shard.time.until(shard.command("ada", INITIALIZE, "more"));
    expect(answer).toMatchObject({ ok: false, failure: { code: "RATE_LIMITED" } });
    const seconds = answer.ok ? 0 : answer.failure.retryAfterSeconds;
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(commands.seconds);

    expect(await sendCommands(shard, "bob", ["k1"])).toEqual([]);
    const events = await shard.time.until(shard.event("e1", "ada"));
    expect(events).toMatchObject({ ok: true, value: [{ status: "accepted" }] });
    expect(await shard.time.until(shard.view("ada"))).toMatchObject({ ok: true });

    await shard.time.pass((seconds ?? 0) * 1_000);
    expect(await sendCommands(shard, "ada", ["more"])).toEqual([]);
  });
});

describe("a player whose requests wait", () => {
  test("has a bounded number of them, and leaves room for everybody else", async () => {
    const shard = await aShard();
    const { promise, resolve } = Promise.withResolvers<{ outcome: "granted" }>();
    shard.grant = () => promise;
    await shard.time.until(shard.event("e1", "ada", { latestValue: 3 }));
    const waiting = shard.command("ada", CLAIM, "claim");
    // A repeat waits with the first.
    const repeats = Array.from({ length: callsInFlight - 1 }, () =>
      shard.command("ada", CLAIM, "claim"),
    );
    const refused = [shard.view("ada"), shard.command("ada", INITIALIZE, "k1")];
    for (const answer of await shard.time.until(Promise.all(refused))) {
      expect(answer).toMatchObject({
        ok: false,
        failure: { code: "RATE_LIMITED", retryAfterSeconds: 1 },
      });
    }
    expect(await shard.time.until(shard.view("bob"))).toMatchObject({ ok: true });
    expect(await shard.time.until(shard.event("e2", "ada"))).toMatchObject({ ok: true });
    resolve({ outcome: "granted" });
    await shard.time.until(Promise.all([waiting, ...repeats]));
    expect(await shard.time.until(shard.view("ada"))).toMatchObject({ ok: true });
  });
});

describe("a player of whom Postgres lacks too much", () => {
  test("sends no more commands, but is read, and gets events; others go on", async () => {
    const shard = await aShard();
    const batch = (first: number) =>
      Array.from({ length: 500 }, (_, index) => ({ eventId: `b${first + index}`, userId: "ada" }));
    shard.store.fate = () => "lost-request";
    for (let sent = 0; sent < operationsNotStored; sent += 500) {
      await shard.time.until(shard.events(batch(sent)));
    }
    const refused = await shard.time.until(shard.command("ada", INITIALIZE, "k1"));
    expect(refused).toMatchObject({
      ok: false,
      failure: { code: "SHARD_OVERLOADED", retryAfterSeconds: 1 },
    });
    expect(await shard.time.until(shard.view("ada"))).toMatchObject({ ok: true });
    expect(await shard.time.until(shard.event("last", "ada"))).toMatchObject({ ok: true });
    expect(await sendCommands(shard, "bob", ["k1"])).toEqual([]);
    shard.store.fate = () => "ok";
    await shard.time.until(shard.alarm());
    expect(await sendCommands(shard, "ada", ["k1"])).toEqual([]);
  });
});

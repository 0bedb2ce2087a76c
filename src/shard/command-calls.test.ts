import { describe, expect, test } from "vitest";

import { KILLS } from "../../test/support/simulated-parts.ts";
import { SimulatedShard } from "../../test/support/simulated-shard.ts";
import type { GrantOutcome } from "../core/ports.ts";
import { CLAIM_WAIT_MS } from "./limits.ts";

const challengeId = KILLS.document.challenges[0]?.challengeId ?? "";
const claim = { kind: "claim", challengeId, goalId: "kills" } as const;
const initialize = { kind: "initialize" } as const;

/** A shard in which ada has completed her goal, and the reward service answers when it is told to. */
async function withCompletion() {
  const shard = new SimulatedShard(KILLS);
  const events = ["e1", "e2", "e3"].map((eventId) => ({ eventId, userId: "ada" }));
  await shard.time.until(shard.events(events));
  const { promise, resolve } = Promise.withResolvers<GrantOutcome>();
  shard.grant = () => promise;
  return { shard, answer: resolve };
}

function operations(shard: SimulatedShard): number {
  return shard.engine.status().journalDepth;
}

describe("a command", () => {
  test("that comes twice at once, with its player not in memory, runs once for both", async () => {
    const shard = new SimulatedShard(KILLS);
    const calls = [1, 2, 3].map(() => shard.command("ada", initialize, "key"));
    const [first, ...others] = await shard.time.until(Promise.all(calls));
    expect(first).toMatchObject({ ok: true, value: { result: { created: 1 } } });
    for (const other of others) expect(other).toEqual(first);
    expect(operations(shard)).toBe(1);
  });

  test("under another key is another one; the first result of each stays", async () => {
    const shard = new SimulatedShard(KILLS);
    const first = await shard.time.until(shard.command("ada", initialize, "one"));
    const second = await shard.time.until(shard.command("ada", initialize, "two"));
    expect(second).toMatchObject({ value: { result: { created: 0 } } });
    await shard.time.until(shard.alarm());
    shard.start();
    expect(await shard.time.until(shard.command("ada", initialize, "one"))).toMatchObject({
      value: { result: first.ok ? first.value.result : null },
    });
    expect(operations(shard)).toBe(0);
  });

  test("keeps its player in memory until it is answered", async () => {
    const { shard, answer } = await withCompletion();
    shard.start({ limits: { residentBytesMax: 1 } });
    const call = shard.command("ada", claim, "key");
    await shard.time.pass(20);
    await shard.time.until(shard.view("bob"));
    await shard.time.until(shard.alarm());
    answer({ outcome: "granted" });
    const answered = await shard.time.until(call);
    expect(answered).toMatchObject({ value: { result: { status: "claimed" } } });
    expect(answered).toMatchObject({ value: { view: { rows: [{ status: "claimed" }] } } });
  });

  test("finds its player when memory is too small for anybody else", async () => {
    const shard = new SimulatedShard(KILLS);
    shard.start({ limits: { residentBytesMax: 1 } });
    const users = Array.from({ length: 30 }, (_, index) => `user-${index}`);
    const calls = users.map((userId) => shard.command(userId, initialize, "key"));
    const views = users.map((userId) => shard.view(userId));
    const answers = await shard.time.until(Promise.all([...calls, ...views]));
    expect(answers.filter(({ ok }) => !ok)).toEqual([]);
  });

  test("needs its player: it is refused while Postgres is away", async () => {
    const shard = new SimulatedShard(KILLS);
    shard.store.fate = () => "lost-request";
    const refused = await shard.time.until(shard.command("ada", initialize, "key"));
    expect(refused).toMatchObject({ ok: false, failure: { code: "DATABASE_UNAVAILABLE" } });
    shard.store.fate = () => "ok";
    const answer = await shard.time.until(shard.command("ada", initialize, "key"));
    expect(answer).toMatchObject({ ok: true, value: { result: { created: 1 } } });
  });

  test("that is refused journals nothing, and a repeat is refused as it was, also after a restart", async () => {
    const shard = new SimulatedShard(KILLS);
    const refused = await shard.time.until(shard.command("ada", claim, "key"));
    expect(refused).toMatchObject({ ok: false, failure: { code: "GOAL_NOT_COMPLETED" } });
    expect(operations(shard)).toBe(0);
    const completing = Array.from({ length: 3 }, (_, index) => shard.event(`e${index}`, "ada"));
    await shard.time.until(Promise.all(completing));
    expect(await shard.time.until(shard.command("ada", claim, "key"))).toEqual(refused);
    shard.start();
    expect(await shard.time.until(shard.command("ada", claim, "key"))).toEqual(refused);
    expect(await shard.time.until(shard.command("ada", claim, "another"))).toMatchObject({
      ok: true,
    });
  });
});

describe("claims of one goal at once", () => {
  test("are won by one; the other is told that it is in progress, also in the same group", async () => {
    const { shard, answer } = await withCompletion();
    const first = shard.command("ada", claim, "one");
    const second = shard.command("ada", claim, "two");
    expect(await shard.time.until(second)).toMatchObject({
      ok: false,
      failure: { code: "CLAIM_IN_PROGRESS" },
    });
    answer({ outcome: "granted" });
    expect(await shard.time.until(first)).toMatchObject({
      value: { result: { status: "claimed" } },
    });
    expect(shard.granted).toHaveLength(1);
  });

  test("share the answer when they are repeats of one request", async () => {
    const { shard, answer } = await withCompletion();
    const calls = [1, 2].map(() => shard.command("ada", claim, "key"));
    await shard.time.pass(50);
    calls.push(shard.command("ada", claim, "key"));
    answer({ outcome: "granted" });
    for (const answered of await shard.time.until(Promise.all(calls))) {
      expect(answered).toMatchObject({ value: { result: { status: "claimed" } } });
    }
    expect(shard.granted).toHaveLength(1);
  });

  test("are pending with one grant id once nobody waits, and repeats tell how it ended", async () => {
    const { shard, answer } = await withCompletion();
    const first = await shard.time.until(shard.command("ada", claim, "one"));
    const [request] = shard.granted;
    const pending = { status: "pending", grantId: request?.grantId };
    expect(first).toMatchObject({ value: { result: pending } });
    const second = await shard.time.until(shard.command("ada", claim, "two"));
    expect(second).toMatchObject({ value: { result: pending } });
    answer({ outcome: "rejected", reason: "no gold" });
    await shard.time.pass(CLAIM_WAIT_MS);
    const repeat = await shard.time.until(shard.command("ada", claim, "one"));
    expect(repeat).toMatchObject({ ok: false, failure: { code: "REWARD_REJECTED" } });
    // Nothing was paid: the goal can be claimed again, under the same grant id.
    shard.grant = () => Promise.resolve({ outcome: "granted" });
    const again = await shard.time.until(shard.command("ada", claim, "three"));
    expect(again).toMatchObject({ value: { result: { ...pending, status: "claimed" } } });
  });

  test("are each asked for, also when the second comes in the group that journals the refusal of the first", async () => {
    const { shard, answer } = await withCompletion();
    const first = shard.command("ada", claim, "one");
    await shard.time.pass(50);
    answer({ outcome: "rejected", reason: "no gold" });
    // The refusal is in the open group by now, and the group is not written yet.
    await shard.time.pass(1);
    shard.grant = () => Promise.resolve({ outcome: "granted" });
    const second = shard.command("ada", claim, "two");
    expect(await shard.time.until(first)).toMatchObject({ failure: { code: "REWARD_REJECTED" } });
    const claimed = { value: { result: { status: "claimed" } } };
    expect(await shard.time.until(second)).toMatchObject(claimed);
    expect(await shard.time.until(shard.command("ada", claim, "two"))).toMatchObject(claimed);
    expect(shard.granted).toHaveLength(2);
  });
});

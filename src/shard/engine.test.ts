import { describe, expect, test } from "vitest";

import { aCatalog, aGoal } from "../../test/support/builders.ts";
import { SimulatedShard } from "../../test/support/simulated-shard.ts";
import { POSITIONS_PER_GENERATION } from "./limits.ts";

const KILLS = aCatalog(
  aGoal({
    goalId: "kills",
    defaultAssigned: true,
    requirement: { progressMode: "count", targetValue: 3 },
  }),
);

function aShard(): SimulatedShard {
  return new SimulatedShard(KILLS);
}

async function progressOf(shard: SimulatedShard, userId: string): Promise<number> {
  const view = await shard.time.until(shard.view(userId));
  if (!view.ok) throw new Error(view.failure.detail);
  return view.value.rows.find((row) => row.goalId === "kills")?.progress ?? 0;
}

async function send(shard: SimulatedShard, eventId: string, userId: string): Promise<string> {
  const outcome = await shard.time.until(shard.event(eventId, userId));
  if (!outcome.ok) return outcome.failure.code;
  return outcome.value[0]?.status ?? "none";
}

describe("an event", () => {
  test("shows in the next read and is in Postgres after the next alarm", async () => {
    const shard = aShard();
    expect(await send(shard, "e1", "alice")).toBe("accepted");
    expect(await progressOf(shard, "alice")).toBe(1);
    expect(shard.alarmAt).not.toBeNull();
    await shard.time.until(shard.alarm());
    const stored = shard.store.rowsOf(shard.player("alice")).get("kills");
    expect(stored).toMatchObject({ shard: "g1-1-0", row: { progress: 1, eventCount: 1 } });
    expect(shard.engine.status()).toMatchObject({ journalDepth: 0, dirtyPlayers: 0 });
  });

  test("is answered duplicate when its id was taken, in the open group, later, and after a restart", async () => {
    const shard = aShard();
    const both = [shard.event("e1", "alice"), shard.event("e1", "alice")];
    const [first, second] = await shard.time.until(Promise.all(both));
    expect(first).toMatchObject({ value: [{ status: "accepted" }] });
    expect(second).toMatchObject({ value: [{ status: "duplicate" }] });
    expect(await send(shard, "e1", "alice")).toBe("duplicate");
    await shard.time.until(shard.alarm());
    shard.start();
    expect(await send(shard, "e1", "alice")).toBe("duplicate");
    expect(await progressOf(shard, "alice")).toBe(1);
  });

  test("with the same id belongs to two players when two players sent it", async () => {
    const shard = aShard();
    expect(await send(shard, "e1", "alice")).toBe("accepted");
    expect(await send(shard, "e1", "bob")).toBe("accepted");
  });

  test("whose stat no goal uses is ignored and leaves nothing behind", async () => {
    const shard = aShard();
    const outcome = await shard.time.until(shard.event("e1", "alice", { statCode: "jumps" }));
    expect(outcome).toMatchObject({ ok: true, value: [{ status: "ignored" }] });
    expect(shard.engine.status().journalDepth).toBe(0);
  });

  test.each([
    { minutes: 4, status: "accepted" },
    { minutes: 6, status: "rejected" },
    { minutes: -7 * 24 * 60 + 1, status: "accepted" },
    { minutes: -7 * 24 * 60 - 1, status: "rejected" },
  ])("stamped $minutes minutes from now is $status", async ({ minutes, status }) => {
    const shard = aShard();
    const timestamp = shard.time.now() + minutes * 60_000;
    const outcome = await shard.time.until(shard.event("e1", "alice", { timestamp }));
    expect(outcome).toMatchObject({ ok: true, value: [{ status }] });
  });
});

describe("a restart", () => {
  test("replays what Postgres lacks, exactly once", async () => {
    const shard = aShard();
    await send(shard, "e1", "alice");
    await send(shard, "e2", "alice");
    shard.start();
    expect(await progressOf(shard, "alice")).toBe(2);
    await shard.time.until(shard.alarm());
    shard.start();
    expect(await progressOf(shard, "alice")).toBe(2);
    const stored = shard.store.rowsOf(shard.player("alice")).get("kills");
    expect(stored?.row.eventCount).toBe(2);
  });

  test("flushes what an earlier instance journaled, also when nobody calls", async () => {
    const shard = aShard();
    await send(shard, "e1", "alice");
    shard.start();
    expect(shard.alarmAt).not.toBeNull();
    await shard.time.until(shard.alarm());
    expect(shard.store.rowsOf(shard.player("alice")).get("kills")?.row.progress).toBe(1);
    expect(shard.engine.status()).toMatchObject({ journalDepth: 0, parkedPlayers: 0 });
  });

  test("goes on above every position that was ever used", async () => {
    const shard = aShard();
    await send(shard, "e1", "alice");
    await shard.time.until(shard.alarm());
    shard.start();
    await send(shard, "e2", "alice");
    await shard.time.until(shard.alarm());
    const applied = shard.store.rowsOf(shard.player("alice")).get("kills")?.applied;
    expect(applied).toBe(POSITIONS_PER_GENERATION + 2);
  });
});

describe("with Postgres away", () => {
  test("events are acknowledged, reads of unknown players refused, and all arrives when it is back", async () => {
    const shard = aShard();
    shard.store.fate = () => "lost-request";
    expect(await send(shard, "e1", "alice")).toBe("accepted");
    expect(await send(shard, "e1", "alice")).toBe("duplicate");
    const view = await shard.time.until(shard.view("alice"));
    expect(view).toMatchObject({ ok: false, failure: { code: "DATABASE_UNAVAILABLE" } });
    await shard.time.until(shard.alarm());
    expect(shard.engine.status()).toMatchObject({ parkedPlayers: 1, journalDepth: 1 });
    expect(shard.engine.status().lastError).toContain("connection lost");
    shard.store.fate = () => "ok";
    expect(await progressOf(shard, "alice")).toBe(1);
    await shard.time.until(shard.alarm());
    expect(shard.store.rowsOf(shard.player("alice")).get("kills")?.row.progress).toBe(1);
    expect(shard.engine.status().lastError).toBeNull();
  });

  test("a player in memory is served", async () => {
    const shard = aShard();
    await send(shard, "e1", "alice");
    shard.store.fate = () => "lost-request";
    await send(shard, "e2", "alice");
    expect(await progressOf(shard, "alice")).toBe(2);
  });
});

describe("a claim", () => {
  const claim = { kind: "claim", challengeId: "challenge", goalId: "kills" } as const;
  const challengeId = KILLS.document.challenges[0]?.challengeId ?? "";

  test("is granted once; a repeat gets the first result, another request ALREADY_CLAIMED", async () => {
    const shard = aShard();
    for (const id of ["e1", "e2", "e3"]) await send(shard, id, "alice");
    const command = { ...claim, challengeId };
    const first = await shard.time.until(shard.command("alice", command, "k1"));
    expect(first).toMatchObject({ ok: true, value: { result: { status: "claimed" } } });
    const repeat = await shard.time.until(shard.command("alice", command, "k1"));
    expect(repeat).toEqual(first);
    const other = await shard.time.until(shard.command("alice", command, "k2"));
    expect(other).toMatchObject({ ok: false, failure: { code: "ALREADY_CLAIMED" } });
    expect(shard.granted).toHaveLength(1);
    await shard.time.until(shard.alarm());
    expect([...shard.store.grants.values()]).toMatchObject([{ state: "granted", attempts: 1 }]);
  });

  test("that waits for its grant is in progress for others, and pending once nobody waits", async () => {
    const shard = aShard();
    for (const id of ["e1", "e2", "e3"]) await send(shard, id, "alice");
    shard.grant = () => Promise.resolve({ outcome: "unknown", reason: "timeout" });
    const command = { ...claim, challengeId };
    const first = shard.command("alice", command, "k1");
    await shard.time.pass(20);
    const other = await shard.time.until(shard.command("alice", command, "k2"));
    expect(other).toMatchObject({ ok: false, failure: { code: "CLAIM_IN_PROGRESS" } });
    const answer = await shard.time.until(first);
    expect(answer).toMatchObject({ ok: true, value: { result: { status: "pending" } } });
    const later = await shard.time.until(shard.command("alice", command, "k3"));
    expect(later).toMatchObject({ ok: true, value: { result: { status: "pending" } } });
  });

  test("is resumed under the same grant id by the next instance, before and after the flush", async () => {
    const shard = aShard();
    for (const id of ["e1", "e2", "e3"]) await send(shard, id, "alice");
    shard.grant = () => new Promise(() => undefined);
    const command = { ...claim, challengeId };
    await shard.time.until(shard.command("alice", command, "k1"));
    shard.start();
    await shard.time.until(shard.alarm());
    shard.grant = () => Promise.resolve({ outcome: "granted" });
    shard.start();
    await shard.time.until(shard.alarm());
    // Nothing is journaled any more, yet the ledger's pending line brings the player back.
    shard.alarmAt = null;
    await shard.time.pass(100);
    const repeat = await shard.time.until(shard.command("alice", command, "k1"));
    expect(repeat).toMatchObject({ ok: true, value: { result: { status: "claimed" } } });
    expect(new Set(shard.granted.map((request) => request.grantId)).size).toBe(1);
  });
});

import { describe, expect, test } from "vitest";

import { KILLS } from "../../test/support/simulated-parts.ts";
import { SimulatedShard } from "../../test/support/simulated-shard.ts";
import { indexCatalog } from "../core/catalog.ts";

const CHALLENGE = KILLS.document.challenges[0]?.challengeId ?? "";

function alarm(shard: SimulatedShard): Promise<void> {
  return shard.time.until(shard.alarm());
}

async function send(shard: SimulatedShard, userId: string, ...eventIds: readonly string[]) {
  const events = eventIds.map((eventId) => ({ eventId, userId }));
  const outcome = await shard.time.until(shard.events(events));
  return outcome.ok ? outcome.value.map(({ status }) => status) : [outcome.failure.code];
}

/** A shard in which the claim of ada's kills is pending, flushed, and its instance gone. */
async function withPendingClaim(): Promise<SimulatedShard> {
  const shard = new SimulatedShard(KILLS);
  await send(shard, "ada", "e1", "e2", "e3");
  shard.grant = () => new Promise(() => undefined);
  const claim = { kind: "claim", challengeId: CHALLENGE, goalId: "kills" } as const;
  await shard.time.until(shard.command("ada", claim, "key"));
  await alarm(shard);
  expect(shard.engine.status().journalDepth).toBe(0);
  shard.crash();
  shard.granted.length = 0;
  shard.grant = () => Promise.resolve({ outcome: "granted" });
  return shard;
}

function stateOfGrant(shard: SimulatedShard): string | undefined {
  return [...shard.store.grants.values()][0]?.state;
}

describe("a pending grant of an earlier instance", () => {
  test("arms the next instance and is settled, though nobody calls", async () => {
    const shard = await withPendingClaim();
    shard.alarmAt = null;
    shard.start();
    expect(shard.alarmAt).not.toBeNull();
    await alarm(shard);
    await shard.time.pass(10);
    expect(shard.granted).toMatchObject([{ unansweredAt: expect.any(Number) }]);
    await alarm(shard);
    expect(stateOfGrant(shard)).toBe("granted");
    // Once it is settled, an instance has nothing to do any more.
    shard.alarmAt = null;
    shard.start();
    expect(shard.alarmAt).toBeNull();
  });

  test("is read again when that failed, and meanwhile others are flushed", async () => {
    const shard = await withPendingClaim();
    shard.start();
    shard.store.fate = (kind) => (kind === "playersWithPendingGrants" ? "lost-request" : "ok");
    await send(shard, "bob", "e1");
    await alarm(shard);
    expect(shard.store.rowsOf(shard.player("bob")).size).toBe(1);
    // The flush succeeded, so Postgres is not behind; what failed beside it is in the log.
    expect(shard.engine.status().lastError).toBeNull();
    expect(JSON.stringify(shard.logged)).toContain("playersWithPendingGrants");
    shard.store.fate = () => "ok";
    await alarm(shard);
    await shard.time.pass(10);
    await alarm(shard);
    expect(stateOfGrant(shard)).toBe("granted");
    expect(shard.engine.status().lastError).toBeNull();
  });
});

describe("a pass", () => {
  test("flushes who can be loaded, and comes back for who cannot", async () => {
    const shard = new SimulatedShard(KILLS);
    shard.store.fate = () => "lost-request";
    await send(shard, "ada", "e1");
    await send(shard, "bob", "e1");
    shard.store.fate = () => "ok";
    let loads = 0;
    const fail = () => (loads++ === 0 ? "lost-request" : "ok");
    shard.store.fate = (kind) => (kind === "load" ? fail() : "ok");
    await alarm(shard);
    expect(shard.engine.status()).toMatchObject({ parkedPlayers: 2, lastError: /load/ });
    await alarm(shard);
    expect(shard.engine.status()).toMatchObject({ parkedPlayers: 0, journalDepth: 0 });
  });

  test("forgets old ids also while Postgres is away", async () => {
    const shard = new SimulatedShard(KILLS);
    shard.start({ dedup: { maxIds: 10, seconds: 60 } });
    shard.store.fate = () => "lost-request";
    await send(shard, "ada", "e1");
    await shard.time.pass(120_000);
    await alarm(shard);
    expect(shard.sql.all("SELECT * FROM seen")).toEqual([]);
  });

  test("drops catalogs that nothing needs, in a shard that is never idle", async () => {
    const shard = new SimulatedShard(KILLS);
    const versions = ["2", "3", "4"].map((digit) => digit.repeat(64));
    for (const [index, version] of [KILLS.version, ...versions].entries()) {
      if (index > 0) shard.publish(indexCatalog(KILLS.document, version));
      await send(shard, "ada", `e${index}`);
      shard.store.fate = (kind) => (kind === "flush" && index === 0 ? "lost-request" : "ok");
      await alarm(shard);
    }
    await send(shard, "ada", "last");
    expect(shard.engine.status().journalDepth).toBeGreaterThan(0);
    await alarm(shard);
    const stored = shard.sql.all("SELECT DISTINCT version FROM catalog_part");
    expect(stored).toEqual([{ version: versions.at(-1) }]);
  });

  test("names players whose journal cannot be read, and goes on with the others", async () => {
    const shard = new SimulatedShard(KILLS);
    shard.store.fate = () => "lost-request";
    await send(shard, "ada", "e1");
    // The catalog that ada's event was taken under is lost, as in a damaged storage.
    shard.publish(indexCatalog(KILLS.document, "9".repeat(64)));
    await send(shard, "bob", "e1");
    shard.sql.run("DELETE FROM catalog_part WHERE version = ?", KILLS.version);
    shard.start();
    shard.store.fate = () => "ok";
    await alarm(shard);
    expect(shard.store.rowsOf(shard.player("bob")).size).toBe(1);
    expect(shard.engine.status()).toMatchObject({
      parkedPlayers: 1,
      journalDepth: 2,
      lastError: "The journal of 1 players cannot be read.",
    });
    const fields = { ...shard.player("ada"), shard: shard.shard, error: expect.any(String) };
    expect(shard.logged).toContainEqual({ event: "replay-failed", fields });
    const armedAfter = (shard.alarmAt ?? 0) - shard.time.now();
    expect(armedAfter).toBeLessThanOrEqual(1_000);
  });
});

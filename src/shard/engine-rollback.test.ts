import { describe, expect, test } from "vitest";

import { KILLS } from "../../test/support/simulated-parts.ts";
import { SimulatedShard } from "../../test/support/simulated-shard.ts";

async function send(shard: SimulatedShard, userId: string, ...eventIds: readonly string[]) {
  for (const eventId of eventIds) await shard.time.until(shard.event(eventId, userId));
}

async function alarm(shard: SimulatedShard): Promise<void> {
  await shard.time.until(shard.alarm());
}

function kills(shard: SimulatedShard, userId: string): number | undefined {
  return shard.store.rowsOf(shard.player(userId)).get("kills")?.row.eventCount;
}

/** Crashes, sets the object's storage back, and starts again. */
function recover(shard: SimulatedShard, restore: () => void): void {
  shard.crash();
  restore();
  shard.start();
}

describe("a shard whose storage was set back to an earlier point", () => {
  test("counts nothing twice that Postgres had already", async () => {
    const shard = new SimulatedShard(KILLS);
    await send(shard, "ada", "e1");
    await alarm(shard);
    await send(shard, "ada", "e2", "e3");
    const restore = shard.sql.snapshot();
    await alarm(shard);
    recover(shard, restore);
    await alarm(shard);
    expect(kills(shard, "ada")).toBe(3);
    expect(shard.engine.status()).toMatchObject({ journalDepth: 0, parkedPlayers: 0 });
  });

  test("knows by the marks on rows what a flush of a part had carried", async () => {
    const shard = new SimulatedShard(KILLS, { settings: { limits: { flushRowsMax: 1 } } });
    await send(shard, "bob", "b1");
    await send(shard, "ada", "e1");
    const restore = shard.sql.snapshot();
    // Only bob's statement commits: ada holds the fence back, bob's second kill is beyond it.
    await send(shard, "bob", "b2");
    let flushes = 0;
    const first = () => (flushes++ === 0 ? "ok" : "lost-request");
    shard.store.fate = (kind) => (kind === "flush" ? first() : "ok");
    await alarm(shard);
    shard.store.fate = () => "ok";
    recover(shard, restore);
    await alarm(shard);
    expect(kills(shard, "bob")).toBe(2);
    expect(kills(shard, "ada")).toBe(1);
  });

  test("gives what it takes before the claim positions above all that Postgres has seen", async () => {
    const shard = new SimulatedShard(KILLS);
    await send(shard, "ada", "e1");
    await alarm(shard);
    const restore = shard.sql.snapshot();
    await send(shard, "bob", "b1", "b2", "b3");
    await alarm(shard);
    const high = shard.store.fences.get(shard.shard)?.high ?? 0;
    shard.store.fate = () => "lost-request";
    recover(shard, restore);
    // Acknowledged under positions that bob's kills had before the storage was set back.
    await send(shard, "ada", "e2", "e3");
    await send(shard, "bob", "b4");
    shard.store.fate = () => "ok";
    await alarm(shard);
    await alarm(shard);
    expect(kills(shard, "ada")).toBe(3);
    expect(kills(shard, "bob")).toBe(4);
    const applied = shard.store.rowsOf(shard.player("ada")).get("kills")?.applied ?? 0;
    expect(applied).toBeGreaterThan(high);
    expect(shard.engine.status()).toMatchObject({ journalDepth: 0, parkedPlayers: 0 });
  });

  test("starts above Postgres when the storage was lost altogether", async () => {
    const shard = new SimulatedShard(KILLS);
    await send(shard, "ada", "e1", "e2");
    await alarm(shard);
    const other = new SimulatedShard(KILLS, { store: shard.store, time: shard.time });
    other.crash();
    other.start();
    await send(other, "ada", "e3");
    await alarm(other);
    await alarm(other);
    expect(kills(other, "ada")).toBe(3);
  });
});

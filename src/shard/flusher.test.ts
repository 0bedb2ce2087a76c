import { describe, expect, test } from "vitest";

import type { Fate } from "../../test/support/simulated-fates.ts";
import { SimulatedParts } from "../../test/support/simulated-parts.ts";
import { FLUSH_BEHIND_FACTOR, OPEN_FLUSHES_MAX } from "./limits.ts";

/** A shard that has claimed its fence and holds one unflushed kill of each of these players. */
async function withKills(...userIds: readonly string[]): Promise<SimulatedParts> {
  const parts = await new SimulatedParts().open();
  await parts.load(...userIds);
  for (const userId of userIds) await parts.kill(userId);
  return parts;
}

/** Fates of the next statements of a kind; afterwards all is well. */
function fates(parts: SimulatedParts, kind: "flush" | "readFence", ...coming: Fate[]): void {
  parts.store.fate = (of) => (of === kind ? (coming.shift() ?? "ok") : "ok");
}

function flush(parts: SimulatedParts) {
  return parts.time.until(parts.flusher.flush());
}

async function flushUntilIdle(parts: SimulatedParts): Promise<void> {
  for (let tries = 0; tries < 20; tries++) {
    const outcome = await flush(parts).catch(() => "failed");
    if (typeof outcome === "object" && outcome.outcome === "idle") return;
  }
  throw new Error("The flusher does not become idle.");
}

describe("a flush", () => {
  test("moves the fence and the rows together, and leaves nothing to do", async () => {
    const parts = await withKills("ada", "bob");
    const { fence, memory } = parts;
    expect(await flush(parts)).toMatchObject({ outcome: "moved", players: 2, rows: 2, leftOut: 0 });
    expect([parts.storedKills("ada"), parts.storedKills("bob")]).toEqual([1, 1]);
    expect(parts.store.fences.get(parts.ports.shard)).toMatchObject({
      flush: 1,
      upto: memory.journal.last,
      high: memory.journal.last,
    });
    expect(fence.upto).toBe(memory.journal.last);
    expect(memory.journal.size.operations).toBe(0);
    expect(await flush(parts)).toEqual({ outcome: "idle" });
  });

  test("carries the oldest players when not all fit, and holds the fence below the others", async () => {
    const parts = await new SimulatedParts({ limits: { flushRowsMax: 1 } }).open();
    await parts.load("ada", "bob");
    await parts.kill("bob");
    await parts.kill("ada");
    await parts.kill("bob");
    const first = parts.memory.journal.last - 2;
    expect(await flush(parts)).toMatchObject({ players: 1, leftOut: 1 });
    expect(parts.storedKills("bob")).toBe(2);
    expect(parts.fence.upto).toBe(first);
    expect(await flush(parts)).toMatchObject({ players: 1, leftOut: 0 });
    expect(parts.fence.upto).toBe(first + 2);
  });

  test("takes several times as much in one statement after one that had no room for all, until it has", async () => {
    const parts = await new SimulatedParts({ limits: { flushRowsMax: 1 } }).open();
    const players = ["a", "b", "c", "d", "e", "f", "g"];
    await parts.load(...players);
    for (const player of players) await parts.kill(player);
    expect(await flush(parts)).toMatchObject({ players: 1, leftOut: 6 });
    expect(await flush(parts)).toMatchObject({ players: FLUSH_BEHIND_FACTOR, leftOut: 2 });
    expect(await flush(parts)).toMatchObject({ players: 2, leftOut: 0 });
    for (const player of players) await parts.kill(player);
    expect(await flush(parts)).toMatchObject({ players: 1, leftOut: 6 });
  });

  test("never passes an operation that waits for its player", async () => {
    const parts = await withKills("ada");
    await parts.kill("absent");
    await parts.kill("ada");
    await flush(parts);
    expect(parts.storedKills("ada")).toBe(2);
    expect(parts.fence.upto).toBe(parts.memory.journal.last - 2);
    expect(parts.memory.journal.size.operations).toBeGreaterThan(0);
    await parts.load("absent");
    await flush(parts);
    expect(parts.storedKills("absent")).toBe(1);
    expect(parts.memory.journal.size.operations).toBe(0);
  });

  test("moves the fence without players over operations that the rows held already", async () => {
    const parts = await withKills("ada", "bob");
    await parts.kill("absent");
    await parts.kill("ada");
    await flush(parts);
    // The next instance finds both kills of ada in her rows, though the fence knows of one.
    const next = await parts.next().open();
    await next.load("ada");
    expect(next.memory.residents.dirtyCount).toBe(0);
    expect(await flush(next)).toEqual({ outcome: "idle" });
    await next.load("absent");
    expect(await flush(next)).toMatchObject({ outcome: "moved", players: 1 });
    expect(next.storedKills("ada")).toBe(2);
    expect(next.memory.journal.size.operations).toBe(0);
  });
});

describe("a flush that goes wrong", () => {
  test.each([
    { fate: "definite", committed: 0 },
    { fate: "lost-request", committed: 0 },
    { fate: "lost-answer", committed: 1 },
    { fate: "late", committed: 0 },
  ] as const)(
    "($fate) throws, settles by the fence, and counts once",
    async ({ fate, committed }) => {
      const parts = await withKills("ada");
      fates(parts, "flush", fate);
      await expect(flush(parts)).rejects.toThrow("flush");
      await parts.kill("ada");
      expect(await flush(parts)).toEqual({ outcome: "settled" });
      expect(parts.fence.flush).toBe(committed);
      expect(parts.memory.residents.dirtyCount).toBe(1);
      expect(await flush(parts)).toMatchObject({ outcome: "moved", rows: 1 });
      parts.store.arriveLate();
      expect(parts.storedKills("ada")).toBe(2);
      expect(parts.memory.residents.dirtyCount).toBe(0);
    },
  );

  test.each(["definite", "lost-request"] as const)(
    "(%s) is followed by a statement of normal size: it may have been too much",
    async (fate) => {
      const parts = await new SimulatedParts({ limits: { flushRowsMax: 1 } }).open();
      const players = ["a", "b", "c", "d", "e", "f", "g"];
      await parts.load(...players);
      for (const player of players) await parts.kill(player);
      expect(await flush(parts)).toMatchObject({ players: 1, leftOut: 6 });
      fates(parts, "flush", fate);
      await expect(flush(parts)).rejects.toThrow("flush");
      expect(await flush(parts)).toEqual({ outcome: "settled" });
      expect(await flush(parts)).toMatchObject({ players: 1, leftOut: 5 });
      expect(await flush(parts)).toMatchObject({ players: FLUSH_BEHIND_FACTOR, leftOut: 1 });
    },
  );

  test.each(["definite", "lost-request", "lost-answer", "late"] as const)(
    "sends nothing before the fence could be read (%s)",
    async (fate) => {
      const parts = await withKills("ada");
      fates(parts, "flush", "lost-answer");
      await expect(flush(parts)).rejects.toThrow("answer lost");
      fates(parts, "readFence", fate, fate);
      for (let tries = 0; tries < 2; tries++) {
        await expect(flush(parts)).rejects.toThrow("readFence");
      }
      expect(parts.store.attempts).toHaveLength(1);
      await flushUntilIdle(parts);
      expect(parts.store.attempts).toHaveLength(1);
      expect(parts.memory.residents.dirtyCount).toBe(0);
    },
  );

  test("is recognised when it arrives after the fence was read and before the next attempt", async () => {
    const parts = await withKills("ada");
    fates(parts, "flush", "late");
    await expect(flush(parts)).rejects.toThrow("timed out");
    expect(await flush(parts)).toEqual({ outcome: "settled" });
    await parts.kill("ada");
    parts.store.gate = async (kind, moment) => {
      if (kind === "flush" && moment === "request") parts.store.arriveLate();
    };
    // The second attempt finds the first one's number in the fence.
    expect(await flush(parts)).toEqual({ outcome: "settled" });
    expect(parts.fence.flush).toBe(1);
    expect(parts.memory.residents.dirtyCount).toBe(1);
    expect(await flush(parts)).toMatchObject({ outcome: "moved", rows: 1 });
    expect(parts.storedKills("ada")).toBe(2);
  });

  test("is recognised by its own number among several that are on their way", async () => {
    const parts = await withKills("ada");
    fates(parts, "flush", "late", "late", "late");
    for (let attempt = 0; attempt < 3; attempt++) {
      await expect(flush(parts)).rejects.toThrow("timed out");
      expect(await flush(parts)).toEqual({ outcome: "settled" });
      await parts.kill("ada");
    }
    // The second of three commits; the others find its number and do nothing, whenever they arrive.
    parts.store.arriveLate(1);
    await flushUntilIdle(parts);
    expect(parts.store.attempts.map(({ previous }) => previous)).toEqual([0, 0, 0, 0, 2]);
    parts.store.arriveLate();
    expect(parts.storedKills("ada")).toBe(4);
    expect(parts.store.fences.get(parts.ports.shard)?.flush).toBe(parts.fence.flush);
  });

  test("does not fill the memory: refused attempts are forgotten, too many unknown ones end the instance", async () => {
    const parts = await withKills("ada");
    parts.store.fate = (kind) => (kind === "flush" ? "definite" : "ok");
    for (let tries = 0; tries < 3 * OPEN_FLUSHES_MAX; tries++) await flush(parts).catch(() => null);
    expect(parts.around.aborted).toBeNull();
    parts.store.fate = (kind) => (kind === "flush" ? "lost-request" : "ok");
    for (let tries = 0; tries < 2 * OPEN_FLUSHES_MAX; tries++) await flush(parts).catch(() => null);
    expect(parts.around.aborted).toBeNull();
    void parts.flusher.flush().catch(() => null);
    await parts.time.pass(1);
    expect(parts.around.aborted).toContain(`${OPEN_FLUSHES_MAX + 1} flushes`);
  });

  test("ends the instance when its end cannot be written: memory would be ahead of the storage", async () => {
    const parts = await withKills("ada");
    parts.around.sql.writeFails = (query) => query.includes("fence_seen");
    await expect(flush(parts)).rejects.toThrow("broken");
    expect(parts.around.aborted).toContain("The end of a flush could not be written");
  });
});

import { describe, expect, test } from "vitest";

import {
  flush,
  flushAll,
  lettered,
  refuseRowsOf,
  withBad,
} from "../../test/support/refusing-postgres.ts";
import type { Fate } from "../../test/support/simulated-fates.ts";
import { SimulatedParts } from "../../test/support/simulated-parts.ts";
import { LETTER_OPERATIONS_MAX } from "./limits.ts";
import { playerName } from "./resident.ts";

function flushFate(parts: SimulatedParts, ...coming: Fate[]): void {
  parts.store.fate = (kind) => (kind === "flush" ? (coming.shift() ?? "ok") : "ok");
}

describe("a player whose rows Postgres refuses", () => {
  test("goes into a dead letter, the others into their rows, and the fence passes all of them", async () => {
    const parts = await withBad("ada", "bob", "bad");
    const { last } = parts.memory.journal;
    expect(await flushAll(parts)).toEqual(["refused", "moved", "refused", "moved"]);
    expect([parts.storedKills("ada"), parts.storedKills("bob")]).toEqual([1, 1]);
    expect(parts.storedKills("bad")).toBeUndefined();
    expect(lettered(parts, "bad")).toEqual([[last]]);
    const [letter] = parts.store.lettersOf(parts.player("bad"));
    expect(letter?.draft).toMatchObject({
      error: "value out of range",
      rows: [{ goalId: "kills", eventCount: 1 }],
      operations: [{ operation: { kind: "event" } }],
    });
    const { shard, logged } = parts.around;
    const fields = { shard, ...parts.player("bad"), letters: 1 };
    expect(logged).toContainEqual({ event: "dead-letter-written", fields });
    expect(parts.fence.upto).toBe(last);
    expect(parts.memory.journal.size.operations).toBe(0);
    expect(parts.memory.residents.dirtyCount).toBe(0);
  });

  test("is found among many with few statements, and flushes become large again", async () => {
    const names = Array.from({ length: 300 }, (_, index) => `player-${index}`);
    const parts = await new SimulatedParts().open();
    refuseRowsOf(parts, "player-123");
    await parts.load(...names);
    const kills = names.map((name) => parts.writer.add(parts.killItem(name)));
    await parts.time.until(Promise.all(kills));
    const outcomes = await flushAll(parts);
    expect(outcomes.length).toBeLessThan(25);
    expect(lettered(parts, "player-123")).toHaveLength(1);
    expect(names.filter((name) => parts.storedKills(name) === 1)).toHaveLength(299);
    for (const name of names) await parts.kill(name);
    parts.store.refuses = () => null;
    await flushAll(parts);
    await parts.load("player-123");
    for (const name of names) await parts.kill(name);
    expect(await flush(parts)).toMatchObject({ outcome: "moved", players: 300 });
  });

  test("keeps what arrives while its letter is on its way, on top of what Postgres has", async () => {
    const parts = await new SimulatedParts().open();
    await parts.load("bad");
    await parts.kill("bad");
    await flushAll(parts);
    refuseRowsOf(parts, "bad");
    await parts.kill("bad");
    const inLetter = parts.memory.journal.last;
    expect(await flush(parts)).toMatchObject({ outcome: "refused" });
    const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
    parts.store.gate = (kind, moment) =>
      kind === "flush" && moment === "answer" ? held : Promise.resolve();
    const letterFlush = parts.flusher.flush();
    await parts.kill("bad");
    letGo();
    await parts.time.until(letterFlush);
    expect(lettered(parts, "bad")).toEqual([[inLetter]]);
    expect(parts.memory.residents.has(playerName(parts.player("bad")))).toBe(false);
    expect(parts.memory.parked.since).toBe(inLetter + 1);
    expect(parts.fence.upto).toBeLessThanOrEqual(inLetter);
    parts.store.refuses = () => null;
    await parts.load("bad");
    await flushAll(parts);
    expect(parts.storedKills("bad")).toBe(2);
    expect(parts.memory.journal.size.operations).toBe(0);
  });

  test.each(["lost-answer", "late"] as const)(
    "has one letter when the flush that brings it ends unknown (%s)",
    async (fate) => {
      const parts = await withBad("bad");
      expect(await flush(parts)).toMatchObject({ outcome: "refused" });
      flushFate(parts, fate);
      await expect(flush(parts)).rejects.toThrow("flush");
      await parts.kill("bad");
      const { last } = parts.memory.journal;
      parts.store.arriveLate();
      expect(await flush(parts)).toEqual({ outcome: "settled" });
      expect(lettered(parts, "bad")).toEqual([[last - 1]]);
      expect(parts.memory.parked.since).toBe(last);
      await parts.load("bad");
      await flushAll(parts);
      expect(lettered(parts, "bad")).toEqual([[last - 1], [last]]);
    },
  );

  test("is in one letter also for an instance that never heard of it", async () => {
    const parts = await withBad("absent", "bad");
    // Whoever waits keeps the fence below what is in the letter.
    await parts.time.until(parts.writer.add(parts.killItem("late")));
    flushFate(parts, "ok", "ok", "ok", "lost-answer");
    for (let tries = 0; tries < 3; tries++) await flush(parts);
    await expect(flush(parts)).rejects.toThrow("answer lost");
    const next = await parts.next().open();
    await next.load("absent", "bad", "late");
    await flushAll(next);
    expect(lettered(next, "bad")).toHaveLength(1);
    expect(next.storedKills("absent")).toBe(1);
    expect(next.memory.journal.size.operations).toBe(0);
  });

  test("with more operations than a letter holds has several, each operation in one of them", async () => {
    const parts = await withBad("bad");
    const kills = Array.from({ length: LETTER_OPERATIONS_MAX }, () =>
      parts.writer.add(parts.killItem("bad")),
    );
    await parts.time.until(Promise.all(kills));
    const { last } = parts.memory.journal;
    await flushAll(parts);
    expect(parts.fence.upto).toBe(last - 1);
    await parts.load("bad");
    await flushAll(parts);
    expect(lettered(parts, "bad").map((positions) => positions?.length)).toEqual([
      LETTER_OPERATIONS_MAX,
      1,
    ]);
    expect(parts.memory.journal.size.operations).toBe(0);
  });
});

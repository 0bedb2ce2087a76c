import { describe, expect, test } from "vitest";

import { anEvent } from "../../test/support/player-builders.ts";
import { flushAll, lettered, refuseRowsOf, withBad } from "../../test/support/refusing-postgres.ts";
import { SimulatedParts } from "../../test/support/simulated-parts.ts";
import { EventItem } from "./items.ts";
import { LETTERS_IN_A_ROW_MAX, SET_ASIDE_MS } from "./limits.ts";

describe("a player of whom Postgres refuses more than rows", () => {
  test("is set aside and tried again: the fence waits, the others do not", async () => {
    const parts = await withBad("ada", "bad");
    parts.store.refuses = ({ player }) => (player.userId === "bad" ? "no such ledger" : null);
    const { last } = parts.memory.journal;
    await flushAll(parts);
    expect(parts.flusher.trouble).toContain("1 players, also with dead letters: no such ledger");
    const { shard, logged } = parts.around;
    const fields = { shard, ...parts.player("bad"), error: "no such ledger" };
    expect(logged).toContainEqual({ event: "player-set-aside", fields });
    expect(parts.storedKills("ada")).toBe(1);
    expect(parts.fence.upto).toBe(last - 1);
    await parts.kill("ada");
    expect(await flushAll(parts)).toEqual(["moved"]);
    parts.store.refuses = () => null;
    expect(await flushAll(parts)).toEqual([]);
    await parts.time.pass(SET_ASIDE_MS);
    await flushAll(parts);
    expect(parts.flusher.trouble).toBeNull();
    expect(parts.storedKills("bad")).toBe(1);
    expect(parts.store.letters).toEqual([]);
    expect(parts.memory.journal.size.operations).toBe(0);
  });
});

describe("when Postgres refuses everybody", () => {
  test("a few get letters, the others wait unharmed until it takes one of them", async () => {
    const names = Array.from({ length: 3 * LETTERS_IN_A_ROW_MAX }, (_, index) => `player-${index}`);
    const parts = await new SimulatedParts().open();
    parts.store.refuses = ({ rows }) => (rows.length > 0 ? "a column is missing" : null);
    await parts.load(...names);
    for (const name of names) await parts.kill(name);
    await flushAll(parts, 200);
    expect(parts.store.letters).toHaveLength(LETTERS_IN_A_ROW_MAX);
    expect(parts.flusher.trouble).toContain("20 players");
    parts.store.refuses = () => null;
    await parts.time.pass(SET_ASIDE_MS);
    await flushAll(parts);
    expect(names.filter((name) => parts.storedKills(name) === 1)).toHaveLength(20);
    expect(parts.flusher.trouble).toBeNull();
    // From now on a player is to blame again.
    await parts.load("bad");
    refuseRowsOf(parts, "bad");
    await parts.kill("bad");
    await flushAll(parts);
    expect(lettered(parts, "bad")).toHaveLength(1);
  });

  test("no more get letters because somebody's operations, which change no row, get through", async () => {
    const names = Array.from({ length: LETTERS_IN_A_ROW_MAX + 5 }, (_, index) => `player-${index}`);
    const parts = await new SimulatedParts().open();
    parts.store.refuses = ({ rows }) => (rows.length > 0 ? "a column is missing" : null);
    await parts.load("idle", ...names);
    for (const [index, name] of names.entries()) {
      await parts.kill(name);
      const id = index.toString(16).padStart(32, "f");
      const uncounted = new EventItem(id, parts.player("idle"), anEvent({ statCode: "jumps" }));
      await parts.time.until(parts.writer.add(uncounted));
      expect(await flushAll(parts)).toContain("moved");
    }
    expect(parts.store.letters).toHaveLength(LETTERS_IN_A_ROW_MAX);
    expect(parts.flusher.trouble).toContain("5 players");
  });
});

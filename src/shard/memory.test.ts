import { describe, expect, test } from "vitest";

import { anOperation, SimulatedParts } from "../../test/support/simulated-parts.ts";

describe("an operation that cannot be applied", () => {
  /** Journals a selection that names no goals at all, as a bug of another version may have. */
  function damage(parts: SimulatedParts, userId: string): number {
    const text = `{"players":[["default","${userId}"]],"operations":[[0,{"kind":"select"}]]}`;
    const position = parts.memory.journal.append([anOperation(userId)], {
      at: parts.time.now(),
      epoch: parts.fence.epoch,
      catalogs: { default: parts.around.pointer },
    });
    parts.around.sql.run("UPDATE journal SET body = ? WHERE first = ?", text, position);
    parts.memory.parked.add(parts.player(userId), position);
    return position;
  }

  test("goes into a letter in the flush that brings what the player did besides", async () => {
    const parts = await new SimulatedParts().open();
    await parts.kill("ada");
    const position = damage(parts, "ada");
    await parts.kill("ada");
    await parts.load("ada");
    expect(await parts.time.until(parts.flusher.flush())).toMatchObject({ players: 1 });
    expect(parts.storedKills("ada")).toBe(2);
    const [letter, ...more] = parts.store.lettersOf(parts.player("ada"));
    expect(more).toEqual([]);
    expect(letter?.draft?.operations).toMatchObject([{ position, operation: { kind: "select" } }]);
    expect(letter?.draft?.error).toContain("not iterable");
    expect(parts.memory.journal.size.operations).toBe(0);
  });

  test("is put there once, however often it is met", async () => {
    const parts = await new SimulatedParts().open();
    await parts.kill("absent");
    damage(parts, "ada");
    await parts.load("ada");
    await parts.time.until(parts.flusher.flush());
    // The player has no rows that could tell, and the journal still holds the operation.
    const next = await parts.next().open();
    expect(next.memory.parked.size).toBe(2);
    await next.load("ada", "absent");
    await next.time.until(next.flusher.flush());
    expect(next.store.lettersOf(next.player("ada"))).toHaveLength(1);
    expect(next.memory.journal.size.operations).toBe(0);
  });
});

test("the journal is read once for all players of a load, however many wait in each of its groups", async () => {
  const parts = await new SimulatedParts().open();
  const players = Array.from({ length: 20 }, (_, index) => `player-${index}`);
  for (let group = 0; group < 3; group++) {
    const kills = players.map((userId) => parts.writer.add(parts.killItem(userId)));
    await parts.time.until(Promise.all(kills));
  }
  const { sql } = parts.around;
  const all = sql.all.bind(sql);
  let groupsRead = 0;
  sql.all = (query, ...values) => {
    if (/FROM journal WHERE/.test(query)) groupsRead++;
    return all(query, ...values);
  };
  await parts.load(...players);
  expect(groupsRead).toBe(3);
  await parts.time.until(parts.flusher.flush());
  expect(players.map((userId) => parts.storedKills(userId))).toEqual(players.map(() => 3));
});

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { anEvent } from "../../test/support/player-builders.ts";
import { SimulatedParts } from "../../test/support/simulated-parts.ts";
import type { GroupItem } from "./group-item.ts";
import { EventItem } from "./items.ts";
import { encodeGroup } from "./journal-group.ts";
import { GROUP_BYTES_MAX, GROUP_WAIT_MS } from "./limits.ts";

/** What a SQLite row of a Durable Object holds. */
const ROW_BYTES_MAX = 2_000_000;

function outcomeOf(promise: Promise<void>): { outcome: string } {
  const seen = { outcome: "waits" };
  promise.then(
    () => (seen.outcome = "written"),
    (error: unknown) => (seen.outcome = String(error)),
  );
  return seen;
}

/** An item at which the rules throw. */
function aBrokenItem(parts: SimulatedParts): GroupItem & { error: unknown } {
  const item = parts.killItem("ada");
  return {
    id: item.id,
    player: item.player,
    bytes: item.bytes,
    error: null,
    decide: () => {
      throw new Error("No rule for that.");
    },
    failed(error) {
      this.error = error;
    },
  };
}

/** A selection that turns out to replace all of these goals. */
function aSelection(parts: SimulatedParts, replaced: readonly string[]): GroupItem {
  const { id, player, bytes } = parts.killItem("ada");
  return {
    id,
    player,
    bytes,
    decide: () => ({ kind: "select", challengeId: "first-steps", goalIds: [], replaced }),
    failed: (error) => {
      throw error;
    },
  };
}

async function withAda(): Promise<SimulatedParts> {
  const parts = await new SimulatedParts().open();
  await parts.load("ada");
  return parts;
}

describe("a group", () => {
  test("is one row for all that arrive within its wait, and nobody is answered before", async () => {
    const parts = await withAda();
    const first = outcomeOf(parts.writer.add(parts.killItem("ada")));
    await parts.time.pass(GROUP_WAIT_MS - 1);
    const second = outcomeOf(parts.writer.add(parts.killItem("absent")));
    expect([first.outcome, second.outcome]).toEqual(["waits", "waits"]);
    expect(parts.memory.journal.size.operations).toBe(0);
    await parts.time.pass(1);
    expect([first.outcome, second.outcome]).toEqual(["written", "written"]);
    expect(parts.around.sql.all("SELECT count FROM journal")).toEqual([{ count: 2 }]);
    expect(parts.memory.parked.size).toBe(1);
  });

  test("is met by its ids while it is open, and known to the ids afterwards", async () => {
    const parts = await withAda();
    const item = parts.killItem("ada");
    const written = parts.writer.add(item);
    expect(parts.writer.pending(item.id)).toBe(written);
    expect(parts.writer.pending(parts.killItem("ada").id)).toBeNull();
    expect(parts.memory.dedup.has(item.id)).toBe(false);
    await parts.time.until(written);
    expect(parts.writer.pending(item.id)).toBeNull();
    expect(parts.memory.dedup.has(item.id)).toBe(true);
  });

  test("closes early when it is full", async () => {
    const parts = await withAda();
    const item = parts.killItem("ada");
    const count = Math.ceil(GROUP_BYTES_MAX / item.bytes);
    void parts.writer.add(item);
    for (let more = 2; more < count; more++) void parts.writer.add(parts.killItem("ada"));
    expect(parts.writer.openBytes).toBe((count - 1) * item.bytes);
    expect(parts.memory.journal.size.operations).toBe(0);
    void parts.writer.add(parts.killItem("ada"));
    expect(parts.memory.journal.size.operations).toBe(count);
    expect(parts.writer.openBytes).toBe(0);
    // Its timer finds another group open and leaves that alone.
    await parts.time.pass(GROUP_WAIT_MS - 1);
    void parts.writer.add(parts.killItem("ada"));
    await parts.time.pass(1);
    expect(parts.writer.openBytes).toBe(item.bytes);
  });

  test("becomes several rows when its operations turn out larger than a row holds", async () => {
    const parts = await withAda();
    const goalIds = Array.from({ length: 5_000 }, (_, index) => `${index}`.padEnd(100, "ж"));
    const all = [parts.killItem("ada"), aSelection(parts, goalIds), aSelection(parts, goalIds)];
    await parts.time.until(Promise.all(all.map((item) => parts.writer.add(item))));
    const rows = parts.around.sql.all(
      "SELECT first, length(CAST(body AS BLOB)) AS bytes FROM journal",
    );
    expect(rows).toHaveLength(3);
    for (const { bytes } of rows) expect(Number(bytes)).toBeLessThan(ROW_BYTES_MAX);
    const { journal, residents } = parts.memory;
    expect([...journal.entries()].map(({ operation }) => operation.kind)).toEqual([
      "event",
      "select",
      "select",
    ]);
    expect(residents.dirtyOldestFirst()[0]?.applied).toBe(journal.last);
    for (const { id } of all) expect(parts.memory.dedup.has(id)).toBe(true);
  });

  test("spares everybody else when the rules throw at one of its items", async () => {
    const parts = await withAda();
    const broken = aBrokenItem(parts);
    const all = [parts.killItem("ada"), broken, parts.killItem("ada")];
    await parts.time.until(Promise.all(all.map((item) => parts.writer.add(item))));
    expect(String(broken.error)).toContain("No rule for that.");
    expect(parts.memory.dedup.has(broken.id)).toBe(false);
    expect(parts.memory.journal.size.operations).toBe(2);
    expect(parts.memory.residents.dirtyOldestFirst()[0]?.view.rows[0]?.progress).toBe(2);
  });

  test("that comes to nothing writes nothing", async () => {
    const parts = await withAda();
    await parts.time.until(parts.writer.add(aBrokenItem(parts)));
    expect(parts.around.sql.all("SELECT * FROM journal")).toEqual([]);
    expect(parts.around.sql.all("SELECT * FROM seen")).toEqual([]);
  });

  test.each(["INSERT INTO journal (", "INSERT INTO seen"])(
    "whose write fails (%s) is rejected for all, leaves no trace and ends the instance",
    async (query) => {
      const parts = await withAda();
      parts.around.sql.writeFails = (of) => of.startsWith(query);
      const waiting = [1, 2].map(() => outcomeOf(parts.writer.add(parts.killItem("ada"))));
      await parts.time.pass(GROUP_WAIT_MS);
      for (const { outcome } of waiting) expect(outcome).toContain("broken");
      expect(parts.around.aborted).toContain("The journal could not be written");
      expect(parts.around.sql.all("SELECT * FROM journal")).toEqual([]);
      expect(parts.around.sql.all("SELECT * FROM seen")).toEqual([]);
    },
  );
});

test("an event never takes more in the journal than it was counted for", () => {
  const anyName = fc.string({ unit: "binary", minLength: 1, maxLength: 100 });
  const anyValue = fc.oneof(
    fc.double({ min: 0, noNaN: true }),
    fc.constant(1.7976931348623157e308),
  );
  const anyFacts = fc.record({
    statCode: anyName,
    latestValue: fc.option(anyValue),
    inc: fc.option(anyValue),
    timestamp: fc.option(fc.constant(Date.UTC(2026, 0, 1))),
  });
  fc.assert(
    fc.property(anyName, anyFacts, (userId, facts) => {
      const player = { namespace: "n".repeat(64), userId };
      const item = new EventItem("0".repeat(32), player, anEvent(facts));
      const body = encodeGroup([{ player, operation: item.decide() }]);
      expect(Buffer.byteLength(body)).toBeLessThanOrEqual(item.bytes);
      expect(2 * GROUP_BYTES_MAX).toBeLessThanOrEqual(ROW_BYTES_MAX);
    }),
  );
});

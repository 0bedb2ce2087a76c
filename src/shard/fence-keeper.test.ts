import { describe, expect, test } from "vitest";

import type { Fate } from "../../test/support/simulated-fates.ts";
import { anOperation, SimulatedParts } from "../../test/support/simulated-parts.ts";
import type { Fence, ShardStore } from "../core/shard-store.ts";
import { POSITIONS_PER_GENERATION } from "./limits.ts";

const CATALOGS = { default: { version: "v1", seq: 1 } };

function ensure(parts: SimulatedParts): Promise<void> {
  return parts.time.until(parts.fence.ensure());
}

function fenceOf(parts: SimulatedParts): Fence | undefined {
  return parts.store.fences.get(parts.ports.shard);
}

/** The next statement of a kind has this fate; all others are well. */
function once(parts: SimulatedParts, kind: keyof ShardStore, fate: Fate): void {
  let isDue = true;
  parts.store.fate = (of) => {
    if (of !== kind || !isDue) return "ok";
    isDue = false;
    return fate;
  };
}

describe("a claim", () => {
  test("of a new shard makes its fence, with all marks where its positions start", async () => {
    const parts = new SimulatedParts();
    await ensure(parts);
    expect(fenceOf(parts)).toMatchObject({ epoch: 1, flush: 0, upto: POSITIONS_PER_GENERATION });
    expect(parts.fence.epoch).toBe(1);
    expect(parts.fence.upto).toBe(POSITIONS_PER_GENERATION);
  });

  test("raises the epoch by one and takes the marks over", async () => {
    const first = await new SimulatedParts().open();
    await first.load("ada");
    await first.kill("ada");
    await first.time.until(first.flusher.flush());
    const second = first.next();
    await ensure(second);
    expect(second.fence.epoch).toBe(2);
    expect(second.fence.flush).toBe(first.fence.flush);
    expect(second.fence.upto).toBe(first.fence.upto);
  });

  test("is made once, however many ask for it and how often", async () => {
    const parts = new SimulatedParts();
    await parts.time.until(Promise.all([1, 2, 3].map(() => parts.fence.ensure())));
    await ensure(parts);
    expect(fenceOf(parts)?.epoch).toBe(1);
    expect(parts.store.calls).toBe(2);
  });

  test.each([
    { kind: "readFence", fate: "lost-answer", epoch: 1 },
    { kind: "createFence", fate: "lost-request", epoch: 1 },
    // The fence is found to be its own: the answer was lost, not the claim.
    { kind: "createFence", fate: "lost-answer", epoch: 1 },
    { kind: "createFence", fate: "late", epoch: 1 },
  ] as const)("($kind: $fate) that fails is tried again when it is needed", async (row) => {
    const parts = new SimulatedParts();
    once(parts, row.kind, row.fate);
    await expect(ensure(parts)).rejects.toThrow(row.kind);
    expect(parts.fence.epoch).toBeNull();
    await ensure(parts);
    parts.store.arriveLate();
    expect(parts.fence.epoch).toBe(row.epoch);
    expect(fenceOf(parts)).toMatchObject({ epoch: row.epoch, owner: parts.ports.instance });
  });

  test.each(["lost-answer", "late"] as const)(
    "of an existing fence whose statement (%s) committed is recognised by its owner",
    async (fate) => {
      const first = await new SimulatedParts().open();
      const second = first.next();
      once(second, "claimFence", fate);
      await expect(ensure(second)).rejects.toThrow("claimFence");
      second.store.arriveLate();
      await ensure(second);
      expect(second.fence.epoch).toBe(2);
      expect(fenceOf(second)?.epoch).toBe(2);
    },
  );

  test("that another instance wins is tried again, above that one", async () => {
    const first = await new SimulatedParts().open();
    const second = first.next();
    let isFirst = true;
    second.store.gate = async (kind, moment) => {
      if (kind !== "claimFence" || moment !== "request" || !isFirst) return;
      isFirst = false;
      await second.store.claimFence(second.ports.shard, "quicker", 1);
    };
    await ensure(second);
    expect(fenceOf(second)).toMatchObject({ epoch: 3, owner: second.ports.instance });
  });

  test("gives up when others win again and again, and says so", async () => {
    const parts = await new SimulatedParts().open();
    const second = parts.next();
    second.store.claimFence = () => Promise.resolve(null);
    await expect(ensure(second)).rejects.toThrow("claimed by others 5 times");
    expect(second.fence.stopped).toBeNull();
  });

  test("is known to the journal in the same turn, or not at all", async () => {
    const parts = new SimulatedParts();
    const { journal } = parts.memory;
    journal.append([anOperation()], { at: 1, epoch: null, catalogs: CATALOGS });
    await ensure(parts);
    expect([...journal.entries()]).toMatchObject([{ epoch: 1 }]);

    const next = parts.next();
    next.around.sql.writeFails = (query) => query.startsWith("UPDATE journal");
    await expect(ensure(next)).rejects.toThrow("broken");
    expect(next.fence.epoch).toBeNull();
    expect(next.around.aborted).toContain("The claim of the fence could not be written");
    next.around.sql.writeFails = () => false;
    // The marks were rolled back with the rest: a fence with the older epoch would not be refused.
    const third = next.next();
    await ensure(third);
    expect(third.fence.epoch).toBe(3);
  });
});

describe("a fence behind what this object has seen", () => {
  async function seen(): Promise<SimulatedParts> {
    const parts = await new SimulatedParts().open();
    await parts.load("ada");
    await parts.kill("ada");
    await parts.time.until(parts.flusher.flush());
    return parts.next();
  }

  test.each([
    { what: "a lower epoch", fence: { epoch: 0 } },
    { what: "a lower flush", fence: { flush: 0 } },
    { what: "a lower upto", fence: { upto: 0 } },
    { what: "no row at all", fence: null },
  ])("($what) is not claimed, also by a new instance: Postgres was set back", async ({ fence }) => {
    const parts = await seen();
    const { fences } = parts.store;
    const now = fenceOf(parts);
    if (fence === null || now === undefined) fences.clear();
    else fences.set(parts.ports.shard, { ...now, ...fence });
    await expect(ensure(parts)).rejects.toThrow("set back in time");
    await expect(ensure(parts)).rejects.toThrow("set back in time");
    expect(parts.fence.stopped).toContain("set back in time");
    expect(parts.around.aborted).toBeNull();
    expect(parts.around.logged.filter(({ event }) => event === "shard-stopped")).toHaveLength(1);
    expect(fenceOf(parts)?.owner).not.toBe(parts.ports.instance);
    await expect(ensure(parts.next())).rejects.toThrow("set back in time");
  });

  test("is none when the object's own storage was lost: it takes over what Postgres has", async () => {
    const fresh = new SimulatedParts();
    const lost = { owner: "lost", epoch: 1, flush: 3, upto: 6e12, high: 7e12 };
    fresh.store.fences.set(fresh.ports.shard, lost);
    await fresh.open();
    expect(fresh.fence.epoch).toBe(2);
    expect(fresh.fence.upto).toBe(6e12);
    expect(fresh.memory.journal.last).toBe(7e12);
  });
});

import { describe, expect, test } from "vitest";

import { SimulatedParts } from "../../test/support/simulated-parts.ts";

/** A shard that has claimed its fence and holds an unflushed kill of ada. */
async function withKill(): Promise<SimulatedParts> {
  const parts = await new SimulatedParts().open();
  await parts.load("ada");
  await parts.kill("ada");
  return parts;
}

function flush(parts: SimulatedParts) {
  return parts.time.until(parts.flusher.flush());
}

describe("a fence that is not as this instance left it", () => {
  test("with another epoch ends the instance, which touches nothing any more", async () => {
    const parts = await withKill();
    const fence = await parts.store.readFence(parts.ports.shard);
    await parts.store.claimFence(parts.ports.shard, "another", fence?.epoch ?? 0);
    await expect(flush(parts)).rejects.toThrow("Another instance");
    expect(parts.storedKills("ada")).toBeUndefined();
    expect(parts.around.aborted).toContain("Another instance");
    expect(parts.memory.journal.size.operations).toBe(1);
  });

  test.each([
    { what: "is gone", fence: null },
    { what: "is at an earlier flush", fence: { flush: 0 } },
    { what: "contains less", fence: { upto: 0 } },
    { what: "is at an earlier epoch", fence: { epoch: 0 } },
    { what: "shows a flush that was never sent", fence: { flush: 99 } },
  ])("($what) stops the shard loudly: Postgres was set back in time", async ({ fence }) => {
    const parts = await withKill();
    await flush(parts);
    await parts.kill("ada");
    const { fences } = parts.store;
    const now = fences.get(parts.ports.shard);
    if (now === undefined) throw new Error("missing");
    parts.store.fate = (kind) => (kind === "flush" ? "lost-request" : "ok");
    await expect(flush(parts)).rejects.toThrow("connection lost");
    if (fence === null) fences.clear();
    else fences.set(parts.ports.shard, { ...now, ...fence });
    await expect(flush(parts)).rejects.toThrow("set back in time");
    expect(parts.around.logged.at(-1)).toMatchObject({ event: "shard-stopped" });
    expect(parts.around.aborted).toBeNull();
    expect(parts.memory.journal.size.operations).toBe(1);
    await expect(parts.fence.ensure()).rejects.toThrow("set back in time");
  });

  test("that does not move and says nothing of why is an error, not a loop", async () => {
    const parts = await withKill();
    parts.store.flush = () => Promise.resolve(false);
    await expect(flush(parts)).rejects.toThrow("shows no reason");
  });
});

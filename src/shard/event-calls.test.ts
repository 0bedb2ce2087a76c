import { describe, expect, test } from "vitest";

import { anEvent } from "../../test/support/player-builders.ts";
import { KILLS } from "../../test/support/simulated-parts.ts";
import { ONE_SHARD, SimulatedShard } from "../../test/support/simulated-shard.ts";
import type { EventFacts } from "../core/operation.ts";
import { EVENT_LOAD_WAIT_MS, GROUP_WAIT_MS } from "./limits.ts";

const ORIGIN = { requestId: "request", layout: ONE_SHARD };

function held(shard: SimulatedShard, kind: "load" | "readFence"): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  shard.store.gate = (of) => (of === kind ? promise : Promise.resolve());
  return resolve;
}

type Submitted = Awaited<ReturnType<SimulatedShard["events"]>>;

function statuses(outcome: Submitted): string[] {
  return outcome.ok ? outcome.value.map(({ status }) => status) : [outcome.failure.code];
}

/** What a call came to; undefined while it waits. */
function watched(call: Promise<Submitted>): { value: string[] | undefined } {
  const seen: { value: string[] | undefined } = { value: undefined };
  call.then(
    (outcome) => (seen.value = statuses(outcome)),
    (error: unknown) => (seen.value = [String(error)]),
  );
  return seen;
}

describe("an event of a player who is not in memory", () => {
  test("waits for the load, but not for long, and counts once it is there", async () => {
    const shard = new SimulatedShard(KILLS);
    const letThrough = held(shard, "load");
    const seen = watched(shard.event("e1", "ada"));
    await shard.time.pass(EVENT_LOAD_WAIT_MS - 1);
    expect(seen.value).toBeUndefined();
    await shard.time.pass(1 + GROUP_WAIT_MS);
    expect(seen.value).toEqual(["accepted"]);
    expect(shard.engine.status().parkedPlayers).toBe(1);
    letThrough();
    const view = await shard.time.until(shard.view("ada"));
    expect(view).toMatchObject({ ok: true, value: { rows: [{ progress: 1 }] } });
    expect(shard.engine.status().parkedPlayers).toBe(0);
  });

  test("does not wait at all while loads fail", async () => {
    const shard = new SimulatedShard(KILLS);
    shard.store.fate = () => "lost-request";
    await shard.time.until(shard.event("e1", "ada"));
    const letThrough = held(shard, "readFence");
    const seen = watched(shard.event("e2", "ada"));
    await shard.time.pass(GROUP_WAIT_MS);
    expect(seen.value).toEqual(["accepted"]);
    letThrough();
  });
});

describe("a batch", () => {
  test("is answered in its order, each event by its own", async () => {
    const shard = new SimulatedShard(KILLS);
    await shard.time.until(shard.event("old", "ada"));
    const tooOld = shard.time.now() - 8 * 86_400_000;
    const outcome = await shard.time.until(
      shard.events([
        { eventId: "e1", userId: "ada" },
        { eventId: "old", userId: "ada" },
        { eventId: "e1", userId: "ada" },
        { eventId: "e1", userId: "bob" },
        { eventId: "e2", userId: "ada", facts: { timestamp: tooOld } },
        { eventId: "e3", userId: "ada", facts: { statCode: "jumps" } },
      ]),
    );
    const expected = ["accepted", "duplicate", "duplicate", "accepted", "rejected", "ignored"];
    expect(statuses(outcome)).toEqual(expected);
  });

  test("of a namespace whose catalog nobody has is refused as a whole", async () => {
    const shard = new SimulatedShard(KILLS);
    const pointer = { version: "nobody has it", seq: 9 };
    const batch = { namespace: "default", pointer, events: [] };
    const call = shard.engine.submit(batch, ORIGIN);
    expect(await call).toMatchObject({ ok: false, failure: { code: "NO_CATALOG" } });
  });

  test("that cannot be journaled is answered to nobody, and leaves nothing for a retry to miss", async () => {
    const shard = new SimulatedShard(KILLS);
    await shard.time.until(shard.view("ada"));
    shard.sql.writeFails = (query) => query.startsWith("INSERT INTO seen");
    const first = watched(shard.event("e1", "ada"));
    const repeat = watched(shard.event("e1", "ada"));
    await shard.time.pass(GROUP_WAIT_MS);
    expect(first.value?.[0]).toContain("broken");
    expect(repeat.value?.[0]).toContain("broken");
    expect(shard.aborted).toContain("The journal");
    shard.sql.writeFails = () => false;
    shard.start();
    expect(statuses(await shard.time.until(shard.event("e1", "ada")))).toEqual(["accepted"]);
    expect(await shard.time.until(shard.view("ada"))).toMatchObject({
      value: { rows: [{ progress: 1 }] },
    });
  });
});

describe("a repeat", () => {
  test("that meets its event in the open group is answered when that is durable, not before", async () => {
    const shard = new SimulatedShard(KILLS);
    await shard.time.until(shard.view("ada"));
    void shard.event("e1", "ada");
    await shard.time.pass(1);
    const repeat = watched(shard.event("e1", "ada"));
    await shard.time.pass(GROUP_WAIT_MS - 2);
    expect(repeat.value).toBeUndefined();
    expect(shard.sql.all("SELECT * FROM journal")).toEqual([]);
    await shard.time.pass(1);
    expect(repeat.value).toEqual(["duplicate"]);
    expect(shard.sql.all("SELECT count FROM journal")).toEqual([{ count: 1 }]);
  });

  test("of an event that came to nothing is not told that it was taken", async () => {
    const shard = new SimulatedShard(KILLS);
    await shard.time.until(shard.view("ada"));
    const id = shard.eventId("e1", "ada");
    const { namespace, pointer } = shard;
    const events = [aTrap(), anEvent({ inc: 1 })].map((facts) => ({ id, userId: "ada", facts }));
    const outcome = await shard.time.until(
      shard.engine.submit({ namespace, pointer, events }, ORIGIN),
    );
    expect(statuses(outcome)).toEqual(["rejected", "rejected"]);
    expect(outcome).toMatchObject({ value: [{ retryable: true }, { retryable: true }] });
    const retry = await shard.time.until(shard.event("e1", "ada"));
    expect(statuses(retry)).toEqual(["accepted"]);
  });
});

/** An event that can be taken in, and at which the rules throw. */
function aTrap(): EventFacts {
  let reads = 0;
  return {
    ...anEvent(),
    get timestamp(): null {
      if (reads++ > 0) throw new Error("The rules cannot read this.");
      return null;
    },
  };
}

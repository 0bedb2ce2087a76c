import { describe, expect, test } from "vitest";

import { KILLS } from "../../test/support/simulated-parts.ts";
import { SimulatedShard } from "../../test/support/simulated-shard.ts";
import { ALARM_OVERDUE_MS, BACKOFF_MAX_MS } from "./limits.ts";

const FLUSH_INTERVAL_MS = 1_000;

async function withEvent(): Promise<SimulatedShard> {
  const shard = new SimulatedShard(KILLS);
  await shard.time.until(shard.event("e1", "ada"));
  return shard;
}

/** Milliseconds until the armed alarm; null when none is armed. */
function armedAfter({ alarmAt, time }: SimulatedShard): number | null {
  return alarmAt === null ? null : alarmAt - time.now();
}

/** Runs the alarm in no time; answers when the next one is due. */
async function alarm(shard: SimulatedShard): Promise<number | null> {
  const run = shard.alarm();
  await shard.time.pass(0);
  await run;
  return armedAfter(shard);
}

describe("the alarm", () => {
  test("is armed by the first operation, one interval ahead, and by no later one", async () => {
    const shard = new SimulatedShard(KILLS);
    expect(shard.alarmAt).toBeNull();
    await shard.time.until(shard.event("e1", "ada"));
    const first = shard.alarmAt;
    expect(armedAfter(shard)).toBeLessThanOrEqual(FLUSH_INTERVAL_MS);
    await shard.time.pass(500);
    await shard.time.until(shard.event("e2", "ada"));
    expect(shard.alarmAt).toBe(first);
  });

  test("is not armed again when everything is in Postgres", async () => {
    const shard = await withEvent();
    expect(await alarm(shard)).toBeNull();
  });

  test("never throws, and comes later and later while Postgres is away, up to a limit", async () => {
    const shard = await withEvent();
    shard.store.fate = () => "lost-request";
    const pauses: (number | null)[] = [];
    for (let tries = 0; tries < 12; tries++) pauses.push(await alarm(shard));
    expect(pauses.slice(0, 4)).toEqual([2_000, 4_000, 8_000, BACKOFF_MAX_MS]);
    expect(pauses.at(-1)).toBe(BACKOFF_MAX_MS);
    shard.store.fate = () => "ok";
    expect(await alarm(shard)).toBeNull();
    await shard.time.until(shard.event("e2", "ada"));
    shard.store.fate = () => "lost-request";
    expect(await alarm(shard)).toBe(2_000);
  });

  test("never throws whatever a port throws", async () => {
    const shard = await withEvent();
    shard.store.flush = () => {
      throw new TypeError("not even a promise");
    };
    await expect(alarm(shard)).resolves.toBe(2_000);
    expect(shard.engine.status().lastError).toContain("not even a promise");
    shard.sql.writeFails = () => true;
    await expect(alarm(shard)).resolves.not.toBeNull();
  });

  test("is armed anew by any call when it was lost, and not before it is overdue", async () => {
    const shard = await withEvent();
    shard.alarmAt = null;
    await shard.time.pass(ALARM_OVERDUE_MS);
    await shard.time.until(shard.view("ada"));
    expect(shard.alarmAt).toBeNull();
    await shard.time.pass(FLUSH_INTERVAL_MS);
    await shard.time.until(shard.view("ada"));
    expect(armedAfter(shard)).toBeLessThanOrEqual(FLUSH_INTERVAL_MS);
  });

  test.each(["status", "submit", "command", "restart"] as const)(
    "is armed anew by %s, too",
    async (what) => {
      const shard = await withEvent();
      shard.alarmAt = null;
      await shard.time.pass(ALARM_OVERDUE_MS + FLUSH_INTERVAL_MS);
      if (what === "status") shard.engine.status();
      else if (what === "restart") shard.start();
      else if (what === "submit") await shard.time.until(shard.event("e2", "bob"));
      else await shard.time.until(shard.command("ada", { kind: "initialize" }, "key"));
      expect(shard.alarmAt).not.toBeNull();
    },
  );

  test("that fires while a pass is under way starts no second one", async () => {
    const shard = await withEvent();
    const { promise, resolve } = Promise.withResolvers<void>();
    shard.store.gate = (kind) => (kind === "flush" ? promise : Promise.resolve());
    const first = shard.alarm();
    await shard.time.pass(10);
    await shard.time.until(shard.alarm());
    expect(shard.store.attempts).toHaveLength(1);
    resolve();
    await shard.time.until(first);
    expect(shard.store.attempts).toHaveLength(1);
    expect(shard.engine.status().journalDepth).toBe(0);
  });

  test("rests when the shard may not write, whoever calls", async () => {
    const shard = await withEvent();
    await alarm(shard);
    await shard.time.until(shard.event("e2", "ada"));
    shard.store.fences.clear();
    shard.store.fate = (kind) => (kind === "flush" ? "lost-request" : "ok");
    await alarm(shard);
    expect(await alarm(shard)).toBeNull();
    await shard.time.until(shard.event("e3", "ada"));
    expect(shard.alarmAt).toBeNull();
    expect(shard.engine.status().lastError).toContain("set back in time");
  });
});

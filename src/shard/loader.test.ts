import { describe, expect, test } from "vitest";

import { SimulatedParts } from "../../test/support/simulated-parts.ts";
import type { PlayerKey } from "../core/player.ts";
import { LOAD_PLAYERS_MAX } from "./limits.ts";
import { ReplayFailed } from "./loader.ts";
import { playerName } from "./resident.ts";

/** A loader whose statements wait until they are let through, and are written down. */
class HeldLoads {
  readonly parts: SimulatedParts;
  readonly batches: (readonly string[])[] = [];
  #let: (() => void)[] = [];

  private constructor(parts: SimulatedParts) {
    this.parts = parts;
    const { store } = parts;
    const load = store.load.bind(store);
    store.load = (shard: string, players: readonly PlayerKey[]) => {
      this.batches.push(players.map(({ userId }) => userId));
      return load(shard, players);
    };
    store.gate = (kind, moment) => {
      if (kind !== "load" || moment === "answer") return Promise.resolve();
      return new Promise((resolve) => this.#let.push(resolve));
    };
  }

  static async start(): Promise<HeldLoads> {
    const parts = await new SimulatedParts().open();
    await parts.time.until(parts.fence.ensure());
    return new HeldLoads(parts);
  }

  /** Asks for a player; what came of it is known later. */
  ask(userId: string): { outcome: string } {
    const asked = { outcome: "waits" };
    this.parts.loader.load(this.parts.player(userId)).then(
      () => (asked.outcome = "loaded"),
      (error: unknown) => (asked.outcome = String(error)),
    );
    return asked;
  }

  async letThrough(): Promise<void> {
    await this.parts.time.pass(1);
    for (const resolve of this.#let.splice(0)) resolve();
    await this.parts.time.pass(1);
  }
}

const users = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => `user-${from + index}`);

describe("loads", () => {
  test("that are asked for while one is in flight go into the next, each player once", async () => {
    const loads = await HeldLoads.start();
    const first = loads.ask("ada");
    await loads.parts.time.pass(1);
    const others = ["bob", "cyd", "bob", "ada"].map((userId) => loads.ask(userId));
    await loads.letThrough();
    expect(first.outcome).toBe("loaded");
    expect(others.map(({ outcome }) => outcome)).toEqual(["waits", "waits", "waits", "loaded"]);
    await loads.letThrough();
    expect(others.every(({ outcome }) => outcome === "loaded")).toBe(true);
    expect(loads.batches).toEqual([["ada"], ["bob", "cyd"]]);
  });

  test("take at most 200 players, half as many after a failure, and more again after successes", async () => {
    const loads = await HeldLoads.start();
    for (const userId of users(LOAD_PLAYERS_MAX + 50)) loads.ask(userId);
    await loads.letThrough();
    loads.parts.store.fate = (kind) => (kind === "load" ? "lost-request" : "ok");
    for (const userId of users(350, 1_000)) loads.ask(userId);
    await loads.letThrough();
    loads.parts.store.fate = () => "ok";
    for (let batch = 0; batch < 4; batch++) await loads.letThrough();
    expect(loads.batches.map((batch) => batch.length)).toEqual([200, 50, 200, 100, 50]);
    for (const userId of users(250, 2_000)) loads.ask(userId);
    for (let batch = 0; batch < 2; batch++) await loads.letThrough();
    expect(loads.batches.map((batch) => batch.length).slice(5)).toEqual([200, 50]);
  });

  test("that fail tell only those that were in the statement", async () => {
    const loads = await HeldLoads.start();
    const first = loads.ask("ada");
    await loads.parts.time.pass(1);
    const second = loads.ask("bob");
    loads.parts.store.fate = () => "lost-request";
    await loads.letThrough();
    expect(first.outcome).toBe("loaded");
    expect(second.outcome).toBe("waits");
    const third = loads.ask("cyd");
    loads.parts.store.fate = () => "ok";
    await loads.letThrough();
    expect(second.outcome).toContain("connection lost");
    expect(loads.parts.loader.isFailing).toBe(true);
    await loads.letThrough();
    expect(third.outcome).toBe("loaded");
    expect(loads.parts.loader.isFailing).toBe(false);
  });

  test("tell everybody who waits when the fence cannot be claimed, and work when it can", async () => {
    const parts = new SimulatedParts();
    parts.store.fate = (kind) => (kind === "readFence" ? "lost-request" : "ok");
    const loads = ["ada", "bob"].map((userId) => parts.loader.load(parts.player(userId)));
    const outcomes = await parts.time.until(Promise.allSettled(loads));
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    parts.store.fate = () => "ok";
    await parts.load("ada", "bob");
    expect(parts.memory.residents.size).toBe(2);
  });

  test("whose answer comes too late are not installed", async () => {
    const parts = await new SimulatedParts().open();
    parts.store.fate = (kind) => (kind === "load" ? "late" : "ok");
    await expect(parts.load("ada")).rejects.toThrow("timed out");
    parts.store.arriveLate();
    await parts.time.pass(10);
    expect(parts.memory.residents.size).toBe(0);
  });

  test("that find another epoch end the instance and install nothing", async () => {
    const parts = await new SimulatedParts().open();
    await parts.store.claimFence(parts.ports.shard, "another", 1);
    await expect(parts.load("ada")).rejects.toThrow("Another instance");
    expect(parts.memory.residents.size).toBe(0);
    expect(parts.around.aborted).toContain("Another instance");
  });

  test("make room before the players come, so that whoever waits finds them", async () => {
    const parts = await new SimulatedParts({ limits: { residentBytesMax: 1 } }).open();
    await parts.load("ada", "bob");
    const has = (userId: string) => parts.memory.residents.has(playerName(parts.player(userId)));
    expect([has("ada"), has("bob")]).toEqual([true, true]);
    await parts.load("cyd");
    expect([has("ada"), has("bob"), has("cyd")]).toEqual([false, false, true]);
  });
});

describe("a player whose journal cannot be read", () => {
  test("stays parked, holds the fence, and keeps nobody else from being loaded", async () => {
    const parts = await new SimulatedParts().open();
    await parts.kill("ada");
    await parts.kill("bob");
    const { shelf } = parts.memory;
    const byVersion = shelf.byVersion.bind(shelf);
    let isBroken = true;
    shelf.byVersion = (version) => {
      if (isBroken) throw new Error("The catalog is gone.");
      return byVersion(version);
    };
    await expect(parts.load("ada")).rejects.toThrow(ReplayFailed);
    isBroken = false;
    await parts.load("bob");
    expect(parts.memory.parked).toMatchObject({ size: 1, waiting: 0, stuck: 1 });
    expect(parts.memory.parked.since).toBe(parts.memory.journal.last - 1);
    await parts.time.until(parts.flusher.flush());
    expect(parts.storedKills("bob")).toBe(1);
    expect(parts.memory.journal.size.operations).toBe(2);
    // Once it can be applied, nothing was lost.
    await parts.load("ada");
    await parts.time.until(parts.flusher.flush());
    expect(parts.storedKills("ada")).toBe(1);
    expect(parts.memory.parked).toMatchObject({ size: 0, stuck: 0 });
  });
});

import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

import type { Command } from "../../src/core/operation.ts";
import type { PlayerKey } from "../../src/core/player.ts";
import type { ShardStore } from "../../src/core/shard-store.ts";
import { ShardEngine } from "../../src/shard/engine.ts";
import { commandOperationId, eventOperationId } from "../../src/shard/operation-id.ts";
import type { ShardPorts } from "../../src/shard/ports.ts";
import { playerName } from "../../src/shard/resident.ts";
import { positionFloorOf } from "../../src/shard/routing.ts";
import { KILLS } from "./kills-catalog.ts";
import { SimulatedHistory } from "./simulated-history.ts";
import { SimulatedPromises } from "./simulated-promises.ts";
import { NO_OLDER_SHARDS, ONE_SHARD } from "./simulated-shard.ts";
import { SimulatedSql } from "./simulated-sql.ts";

/** No wait inside the shard is longer here: callers that are refused ask again. */
const WAIT_MS_MAX = 30;
const TRIES_MAX = 100;
const RETRY_PAUSE_MS = 5;
const ORIGIN = { requestId: "request", layout: ONE_SHARD };
const POINTER = { version: KILLS.version, seq: 1 };

const digest = (text: string) => createHash("sha256").update(text).digest("hex");

/**
 * A whole shard in Node, in real time, over a real store: only the object's SQLite is not the platform's.
 *
 * A flush takes one row. The alarm runs when a test says so. Every caller asks again until it is answered, under the same id.
 */
export class ShardOverPostgres {
  readonly #sql = new SimulatedSql();
  readonly #history = new SimulatedHistory([KILLS]);
  readonly #promises = new SimulatedPromises(this.#history);
  readonly #shard: string;
  readonly #namespace: string;
  readonly #store: ShardStore;
  #instances = 0;
  #engine: ShardEngine;
  constructor(shard: string, namespace: string, store: ShardStore) {
    this.#shard = shard;
    this.#namespace = namespace;
    this.#store = store;
    this.#sql.watch = (query, values) => this.#history.watch(query, values);
    this.#engine = this.#start();
  }

  /** Another instance over the same storage; the one before is a zombie, whose statements may still arrive. */
  restart(): void {
    this.#engine = this.#start();
  }

  async event(userId: string, eventId: string): Promise<void> {
    const id = eventOperationId(digest, this.#namespace, userId, eventId);
    const facts = { source: "statistic", statCode: "kills", latestValue: null } as const;
    const event = { id, userId, facts: { ...facts, inc: 1, timestamp: null } };
    await this.#insist(async () => {
      const namespace = this.#namespace;
      const outcome = await this.#engine.submit(
        { namespace, pointer: POINTER, events: [event] },
        ORIGIN,
      );
      const [result] = outcome.ok ? outcome.value : [];
      if (result === undefined || result.status === "rejected") return false;
      this.#promises.event(playerName(this.#player(userId)), id, result);
      return true;
    });
  }

  async command(userId: string, command: Command): Promise<void> {
    const player = this.#player(userId);
    const name = playerName(player);
    const id = commandOperationId(digest, player, command, "only");
    await this.#insist(async () => {
      const since = this.#promises.due(name);
      const outcome = await this.#engine.command(player, command, id, POINTER, ORIGIN);
      if (outcome.ok) this.#promises.command(name, id, outcome.value, since);
      return outcome.ok;
    });
  }

  async view(userId: string): Promise<void> {
    const player = this.#player(userId);
    await this.#insist(async () => {
      const since = this.#promises.due(playerName(player));
      const outcome = await this.#engine.view(player, ORIGIN);
      if (outcome.ok) this.#promises.view(playerName(player), outcome.value.rows, since);
      return outcome.ok;
    });
  }

  /** What the object's alarm runs. */
  alarm(): Promise<void> {
    return this.#engine.alarm();
  }

  /** Runs the alarm until nothing is left to write. */
  async rest(): Promise<void> {
    await this.#insist(async () => {
      await this.#engine.alarm();
      const { journalDepth, dirtyPlayers, parkedPlayers } = this.#engine.status();
      return journalDepth + dirtyPlayers + parkedPlayers === 0 && !this.#history.hasOpenClaim;
    });
  }

  /** Every answer was true of what became durable. Throws what was not. */
  check(): void {
    this.#promises.check();
  }

  /** The rows that the player must have in Postgres. */
  due(userId: string) {
    const { states } = this.#history.of(playerName(this.#player(userId)));
    return [...(states.at(-1)?.rows.values() ?? [])];
  }

  #player(userId: string): PlayerKey {
    return { namespace: this.#namespace, userId };
  }

  async #insist(attempt: () => Promise<boolean>): Promise<void> {
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      if (await attempt()) return;
      await sleep(RETRY_PAUSE_MS);
    }
    throw new Error(`${this.#shard} gives no answer: ${JSON.stringify(this.#engine.status())}`);
  }

  #start(): ShardEngine {
    const own = ++this.#instances;
    const clock = { now: () => Date.now() };
    const ports: ShardPorts = {
      shard: this.#shard,
      instance: `instance-${own}`,
      positionFloor: positionFloorOf(this.#shard),
      sql: this.#sql.lease(),
      store: this.#store,
      catalogs: { byVersion: () => Promise.resolve(KILLS) },
      olderShards: NO_OLDER_SHARDS,
      granter: { grant: () => Promise.resolve({ outcome: "granted" }) },
      digest,
      random: () => 0,
      clock,
      realClock: clock,
      after: (milliseconds, action) => {
        const timer = setTimeout(action, Math.min(milliseconds, WAIT_MS_MAX));
        return () => clearTimeout(timer);
      },
      setAlarm: () => undefined,
      // The platform makes another instance with the next call.
      abort: () => {
        if (own === this.#instances) this.restart();
      },
      log: () => undefined,
      settings: {
        flushIntervalMs: 1_000,
        grantParkAfterMs: 86_400_000,
        claimGraceMs: 604_800_000,
        dedup: { maxIds: 1_000_000, seconds: 900 },
        limits: { flushRowsMax: 1 },
      },
    };
    return new ShardEngine(ports);
  }
}

import { createHash } from "node:crypto";

import type { Catalog } from "../../src/core/catalog.ts";
import type { Command, EventFacts } from "../../src/core/operation.ts";
import type { PlayerKey } from "../../src/core/player.ts";
import type { GrantOutcome, GrantRequest } from "../../src/core/ports.ts";
import { ShardEngine } from "../../src/shard/engine.ts";
import type { EventBatch } from "../../src/shard/event-calls.ts";
import type { OlderShards } from "../../src/shard/handed-over.ts";
import { commandOperationId, eventOperationId } from "../../src/shard/operation-id.ts";
import type { ShardPorts } from "../../src/shard/ports.ts";
import { type ShardLayout, shardOf } from "../../src/shard/routing.ts";
import { SimulatedInstance } from "./simulated-instance.ts";
import { SimulatedSql } from "./simulated-sql.ts";
import { SimulatedStore } from "./simulated-store.ts";
import { SimulatedTime } from "./simulated-time.ts";

/** A hash for tests that need one. */
const digest = (text: string) => createHash("sha256").update(text).digest("hex");

/** A deployment that never had another number of shards. */
export const ONE_SHARD: ShardLayout = { generation: 1, count: 1, older: [] };

/** What a shard of such a deployment must never ask. */
export const NO_OLDER_SHARDS: OlderShards = {
  handOver: () => Promise.reject(new Error("There are no older shards.")),
  settled: () => Promise.reject(new Error("There are no older shards.")),
};

/** One event as tests name it. */
export interface EventWish {
  readonly eventId: string;
  readonly userId: string;
  readonly facts?: Partial<EventFacts>;
}

/**
 * A shard's object with everything around it simulated: storage, Postgres, time, alarm, reward service.
 *
 * `start` makes an instance; the one before has lost the storage, but is a zombie that goes on running. After `crash` it
 * is not even that. Storage and Postgres stay.
 */
export class SimulatedShard {
  readonly shard: string;
  readonly namespace = "default";
  readonly sql = new SimulatedSql();
  readonly store: SimulatedStore;
  readonly time: SimulatedTime;
  readonly logged: { event: string; fields: Readonly<Record<string, unknown>> }[] = [];
  readonly granted: GrantRequest[] = [];
  grant: (request: GrantRequest) => Promise<GrantOutcome> = () =>
    Promise.resolve({ outcome: "granted" });
  /** Why the current instance ended itself. */
  aborted: string | null = null;
  alarmAt: number | null = null;
  engine: ShardEngine;
  instance: SimulatedInstance;
  /** Numbers for draws. */
  random: () => number = () => 0;
  /** Added to the real clock for what the rules take for now. */
  clockOffsetMs = 0;
  readonly #olderShards: OlderShards;
  readonly #catalogs = new Map<string, Catalog>();
  #current: Catalog;
  #seq = 1;
  #instances = 0;

  constructor(
    catalog: Catalog,
    around: {
      store?: SimulatedStore;
      time?: SimulatedTime;
      settings?: Partial<ShardPorts["settings"]>;
      /** The shard's name; a deployment with one shard when there is none. */
      shard?: string;
      olderShards?: OlderShards;
    } = {},
  ) {
    this.shard = around.shard ?? shardOf(this.player("anybody"), ONE_SHARD);
    this.#olderShards = around.olderShards ?? NO_OLDER_SHARDS;
    this.#current = catalog;
    this.#catalogs.set(catalog.version, catalog);
    this.store = around.store ?? new SimulatedStore();
    this.time = around.time ?? new SimulatedTime();
    this.instance = this.#newInstance();
    this.engine = this.start(around.settings);
  }

  /** A new instance over the same storage; what the old one had in memory is unknown to it. */
  start(settings: Partial<ShardPorts["settings"]> = {}): ShardEngine {
    this.aborted = null;
    const instance = (this.instance = this.#newInstance());
    const storage = this.sql.lease();
    this.engine = new ShardEngine(this.portsOf(instance, storage, settings));
    return this.engine;
  }

  /** Kills the current instance: nothing of it runs any more, no answer reaches it. Its statements may still arrive. */
  crash(): void {
    this.instance.kill();
  }

  /** Activates another catalog. */
  publish(catalog: Catalog): void {
    this.#current = catalog;
    this.#catalogs.set(catalog.version, catalog);
    this.#seq++;
  }

  get pointer() {
    return { version: this.#current.version, seq: this.#seq };
  }

  player(userId: string): PlayerKey {
    return { namespace: this.namespace, userId };
  }

  event(eventId: string, userId: string, facts: Partial<EventFacts> = {}) {
    return this.events([{ eventId, userId, facts }]);
  }

  eventId(eventId: string, userId: string): string {
    return eventOperationId(digest, this.namespace, userId, eventId);
  }

  events(events: readonly EventWish[], engine: ShardEngine = this.engine, layout = ONE_SHARD) {
    const batch: EventBatch = {
      namespace: this.namespace,
      pointer: this.pointer,
      events: events.map(({ eventId, userId, facts }) => ({
        id: this.eventId(eventId, userId),
        userId,
        facts: {
          source: "statistic",
          statCode: "kills",
          latestValue: null,
          inc: 1,
          timestamp: null,
          ...facts,
        },
      })),
    };
    return engine.submit(batch, { requestId: "request", layout });
  }

  commandId(userId: string, command: Command, key: string): string {
    return commandOperationId(digest, this.player(userId), command, key);
  }

  command(userId: string, command: Command, key: string, layout = ONE_SHARD) {
    const id = this.commandId(userId, command, key);
    return this.engine.command(this.player(userId), command, id, this.pointer, {
      requestId: `request-${key}`,
      layout,
    });
  }

  view(userId: string, layout = ONE_SHARD) {
    return this.engine.view(this.player(userId), { layout });
  }

  /** Runs the object's alarm as the platform would, whether or not it is due. */
  async alarm(): Promise<void> {
    this.alarmAt = null;
    await this.engine.alarm();
  }

  /** Everything that the instance gets from outside. */
  portsOf(
    instance: SimulatedInstance,
    sql: ShardPorts["sql"],
    settings: Partial<ShardPorts["settings"]> = {},
  ): ShardPorts {
    return {
      shard: this.shard,
      sql,
      catalogs: {
        byVersion: (_namespace, version) => Promise.resolve(this.#catalogs.get(version) ?? null),
      },
      olderShards: this.#olderShards,
      digest,
      random: () => this.random(),
      ...instance.ports(this),
      setAlarm: (at) => {
        if (this.instance === instance) this.alarmAt = at;
      },
      abort: (reason) => {
        if (this.instance === instance) this.aborted = reason;
        instance.kill();
      },
      log: (event, fields) => {
        this.logged.push({ event, fields });
      },
      settings: {
        flushIntervalMs: 1_000,
        claimGraceMs: 604_800_000,
        grantParkAfterMs: 86_400_000,
        dedup: { maxIds: 1_000_000, seconds: 900 },
        ...settings,
      },
    };
  }

  #newInstance(): SimulatedInstance {
    return new SimulatedInstance(`instance-${++this.#instances}`);
  }
}

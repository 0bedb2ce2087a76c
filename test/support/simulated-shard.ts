import { createHash } from "node:crypto";

import type { Catalog } from "../../src/core/catalog.ts";
import type { Command, EventFacts } from "../../src/core/operation.ts";
import type { PlayerKey } from "../../src/core/player.ts";
import type { GrantOutcome, GrantRequest } from "../../src/core/ports.ts";
import { ShardEngine } from "../../src/shard/engine.ts";
import { commandOperationId, eventOperationId } from "../../src/shard/operation-id.ts";
import type { ShardPorts } from "../../src/shard/ports.ts";
import { positionFloorOf } from "../../src/shard/routing.ts";
import { SimulatedSql } from "./simulated-sql.ts";
import { SimulatedStore } from "./simulated-store.ts";
import { SimulatedTime } from "./simulated-time.ts";

/** A hash for tests that need one. */
export const digest = (text: string) => createHash("sha256").update(text).digest("hex");

/**
 * A shard's object with everything around it simulated: storage, Postgres, time, alarm, reward service.
 *
 * `start` makes an instance; the one before is then a zombie that may go on running. Storage and Postgres stay.
 */
export class SimulatedShard {
  readonly shard = "g1-1-0";
  readonly namespace = "default";
  readonly sql = new SimulatedSql();
  readonly store: SimulatedStore;
  readonly time: SimulatedTime;
  readonly logged: { event: string; fields: object }[] = [];
  readonly granted: GrantRequest[] = [];
  grant: (request: GrantRequest) => Promise<GrantOutcome> = () =>
    Promise.resolve({ outcome: "granted" });
  aborted: string | null = null;
  alarmAt: number | null = null;
  engine: ShardEngine;
  /** Added to the real clock for what the rules take for now. */
  clockOffsetMs = 0;
  #catalog: Catalog;
  #seq = 1;
  #instances = 0;

  constructor(catalog: Catalog, around: { store?: SimulatedStore; time?: SimulatedTime } = {}) {
    this.#catalog = catalog;
    this.store = around.store ?? new SimulatedStore();
    this.time = around.time ?? new SimulatedTime();
    this.engine = this.start();
  }

  /** A new instance over the same storage; what the old one had in memory is gone. */
  start(settings: Partial<ShardPorts["settings"]> = {}): ShardEngine {
    this.aborted = null;
    this.engine = new ShardEngine(this.#ports(settings));
    return this.engine;
  }

  /** Activates another catalog. */
  publish(catalog: Catalog): void {
    this.#catalog = catalog;
    this.#seq++;
  }

  get pointer() {
    return { version: this.#catalog.version, seq: this.#seq };
  }

  player(userId: string): PlayerKey {
    return { namespace: this.namespace, userId };
  }

  event(eventId: string, userId: string, facts: Partial<EventFacts> = {}) {
    return this.events([{ eventId, userId, facts }]);
  }

  events(events: readonly { eventId: string; userId: string; facts?: Partial<EventFacts> }[]) {
    return this.engine.submit({
      namespace: this.namespace,
      pointer: this.pointer,
      events: events.map(({ eventId, userId, facts }) => ({
        id: eventOperationId(digest, this.namespace, userId, eventId),
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
    });
  }

  command(userId: string, command: Command, key: string) {
    const player = this.player(userId);
    const id = commandOperationId(digest, player, command, key);
    return this.engine.command(player, command, id, this.pointer);
  }

  view(userId: string) {
    return this.engine.view(this.player(userId));
  }

  /** Runs the object's alarm as the platform would, whether or not it is due. */
  async alarm(): Promise<void> {
    this.alarmAt = null;
    await this.engine.alarm();
  }

  #ports(settings: Partial<ShardPorts["settings"]>): ShardPorts {
    const instance = `instance-${++this.#instances}`;
    return {
      shard: this.shard,
      instance,
      positionFloor: positionFloorOf(this.shard),
      sql: this.sql,
      store: this.store,
      catalogs: {
        byVersion: (_namespace, version) =>
          Promise.resolve(version === this.#catalog.version ? this.#catalog : null),
      },
      granter: {
        grant: (request) => {
          this.granted.push(request);
          return this.grant(request);
        },
      },
      digest,
      clock: { now: () => this.time.now() + this.clockOffsetMs },
      realClock: { now: () => this.time.now() },
      after: (milliseconds, action) => this.time.after(milliseconds, action),
      setAlarm: (at) => {
        this.alarmAt = at;
      },
      abort: (reason) => {
        this.aborted = reason;
      },
      log: (event, fields) => {
        this.logged.push({ event, fields });
      },
      settings: {
        flushIntervalMs: 1_000,
        claimGraceMs: 604_800_000,
        dedup: { maxIds: 1_000_000, seconds: 900 },
        ...settings,
      },
    };
  }
}

import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";

import { createCatalogStore } from "../../src/adapters/postgres/catalog-store.ts";
import { type Catalog, type CatalogPointer, indexCatalog } from "../../src/core/catalog.ts";
import type { Outcome } from "../../src/core/errors.ts";
import type { Command, EventFacts } from "../../src/core/operation.ts";
import type { ShardStatus } from "../../src/core/ports.ts";
import type { ShardMetrics } from "../../src/core/shard-metrics.ts";
import { sha256Hex } from "../../src/sha256.ts";
import { commandOperationId, eventOperationId } from "../../src/shard/operation-id.ts";
import { packBatch } from "../../src/shard/packed-events.ts";
import { KILLS } from "../support/kills-catalog.ts";
import { anEvent } from "../support/player-builders.ts";
import { askPostgres, database } from "./real-postgres.ts";

/** How long a test waits for what must come: a flush interval, a statement that times out, and a slow machine. */
export const PATIENCE_MS = 15_000;

/** In whose name tests call. */
export const CONTEXT = { requestId: "request", layout: { generation: 1, count: 1, older: [] } };
const ORIGIN = { ...CONTEXT, counted: null };

/** An event as a test writes it: whose, under which id, and what it says beside one kill. */
export interface SentEvent {
  readonly id: string;
  readonly userId: string;
  readonly facts?: Partial<EventFacts>;
}

/** A shard that has work to do: with a published catalog. */
export async function aShard(catalog: Catalog = KILLS): Promise<ShardInWorkerd> {
  const shard = new ShardInWorkerd();
  await shard.publish(catalog);
  return shard;
}

/**
 * A real shard in workerd, over the real database, with a name and a namespace of its own.
 *
 * Its alarm may run by itself at any time, as it does in production.
 */
export class ShardInWorkerd {
  readonly name: string;
  readonly namespace: string;
  #pointer: CatalogPointer | null = null;

  /** A new shard, or one of that name in another namespace. */
  constructor(name?: string) {
    const [own, other] = crypto.getRandomValues(new Uint32Array(2));
    this.name = name ?? `g1-1-${own}`;
    this.namespace = `arena-${other}`;
  }

  /** A new stub for every use: after an exception the old one may be broken. */
  get stub() {
    return env.SHARDS.getByName(this.name);
  }

  get pointer(): CatalogPointer {
    if (this.#pointer === null) throw new Error("The test must publish a catalog first.");
    return this.#pointer;
  }

  /** Stores and activates a catalog in Postgres; later calls name it. */
  async publish(catalog: Catalog): Promise<CatalogPointer> {
    const version = sha256Hex(JSON.stringify([this.namespace, catalog.document]));
    const { document } = indexCatalog(catalog.document, version);
    const store = createCatalogStore(database);
    const outcome = await store.publish(this.namespace, document, version, undefined);
    this.#pointer = valueOf(outcome);
    return this.#pointer;
  }

  /** Sends events in one call; answers one status each. Throws when the call is refused. */
  async send(events: readonly SentEvent[], pointer = this.pointer): Promise<string[]> {
    const { namespace } = this;
    const batch = packBatch({
      namespace,
      pointer,
      events: events.map(({ id, userId, facts }) => ({
        id: eventOperationId(sha256Hex, namespace, userId, id),
        userId,
        facts: anEvent({ inc: 1, ...facts }),
      })),
    });
    const outcome = await this.stub.submit(batch, ORIGIN);
    return valueOf(outcome).map(({ status }) => status);
  }

  /** Sends one event of one kill. */
  async sendOne(id: string, userId: string, facts: Partial<EventFacts> = {}): Promise<string> {
    const [status] = await this.send([{ id, userId, facts }]);
    return status ?? "unanswered";
  }

  async command(userId: string, command: Command, key: string) {
    const player = { namespace: this.namespace, userId };
    const id = commandOperationId(sha256Hex, player, command, key);
    return this.stub.command(player, command, id, this.pointer, ORIGIN);
  }

  async view(userId: string) {
    return this.stub.view({ namespace: this.namespace, userId }, ORIGIN);
  }

  /** What a read shows of a goal: matching events counted, 0 without a row. */
  async counted(userId: string, goalId = "kills"): Promise<number> {
    const view = valueOf(await this.view(userId));
    return view.rows.find((row) => row.goalId === goalId)?.eventCount ?? 0;
  }

  /** Events counted in Postgres for a player, all goals together. */
  async stored(userId: string): Promise<number> {
    const [row] = await askPostgres(
      "SELECT coalesce(sum(event_count), 0)::float8 FROM user_goal_progress WHERE namespace = $1 AND user_id = $2",
      this.namespace,
      userId,
    );
    return Number(row?.[0]);
  }

  /** The fence as Postgres has it, with the version of its row; null when there is none. */
  async fence() {
    const [row] = await askPostgres(
      "SELECT owner, epoch::float8, flush::float8, upto::float8, high::float8, xmin::text FROM shard_fence WHERE shard = $1",
      this.name,
    );
    if (row === undefined) return null;
    const [owner, epoch, flush, upto, high, rowVersion] = row;
    return { owner, epoch, flush, upto, high, rowVersion };
  }

  /** Runs the alarm now; false when none was armed, or it was running already. */
  alarm(): Promise<boolean> {
    return runDurableObjectAlarm(this.stub);
  }

  /** Disarms the alarm, so that nothing is flushed before the test says so. A call may arm it again after 5 seconds. */
  async holdAlarm(): Promise<void> {
    await runInDurableObject(this.stub, (_instance, state) => state.storage.deleteAlarm());
  }

  /** Arms the alarm for now, whether or not there is work. */
  async forceAlarm(): Promise<void> {
    await runInDurableObject(this.stub, (_instance, state) => state.storage.setAlarm(Date.now()));
  }

  /** Runs one statement on the object's own SQLite. */
  async onSqlite(query: string): Promise<Record<string, SqlStorageValue>[]> {
    return runInDurableObject(this.stub, (_instance, state) =>
      state.storage.sql.exec(query).toArray(),
    );
  }

  /** Takes the instance out of memory; the next call, or its alarm, makes a new one. */
  evict(): Promise<void> {
    return evictDurableObject(this.stub);
  }

  /** How the shard says that it is doing; a look that also finds a lost alarm. */
  async status(): Promise<ShardStatus> {
    return this.stub.status(ORIGIN);
  }

  /** What the shard measures of itself. */
  async metrics(): Promise<ShardMetrics> {
    return this.stub.metrics(ORIGIN);
  }

  /** Runs alarms until Postgres holds everything that was acknowledged. */
  async untilStored(): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      await this.alarm();
      const status = await this.status();
      if (status.journalDepth + status.dirtyPlayers + status.parkedPlayers === 0) return;
      if (Date.now() > deadline) throw new Error(`Not stored: ${JSON.stringify(status)}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** The value of a call that was not refused. */
export function valueOf<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new Error(`${outcome.failure.code}: ${outcome.failure.detail}`);
}

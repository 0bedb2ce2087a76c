import type { Catalog } from "../../src/core/catalog.ts";
import type { PlayerKey } from "../../src/core/player.ts";
import { FenceKeeper } from "../../src/shard/fence-keeper.ts";
import { Flusher } from "../../src/shard/flusher.ts";
import { Granting } from "../../src/shard/granting.ts";
import { GroupCommit } from "../../src/shard/group-commit.ts";
import { GroupWriter } from "../../src/shard/group-writer.ts";
import { EventItem } from "../../src/shard/items.ts";
import type { PlayerOperation } from "../../src/shard/journal-group.ts";
import { Loader } from "../../src/shard/loader.ts";
import { ShardMemory } from "../../src/shard/memory.ts";
import type { ShardPorts } from "../../src/shard/ports.ts";
import { aCatalog, aGoal } from "./builders.ts";
import { anEvent } from "./player-builders.ts";
import { SimulatedShard } from "./simulated-shard.ts";

/** One goal that every kill moves, active without a row: the simplest thing a shard can do. */
export const KILLS: Catalog = aCatalog(
  aGoal({
    goalId: "kills",
    defaultAssigned: true,
    requirement: { progressMode: "count", targetValue: 3 },
  }),
);

/** A shard's parts over simulated surroundings, as the engine puts them together, for tests of one of them. */
export class SimulatedParts {
  readonly around: SimulatedShard;
  readonly ports: ShardPorts;
  readonly memory: ShardMemory;
  readonly fence: FenceKeeper;
  readonly writer: GroupWriter;
  readonly granting: Granting;
  readonly loader: Loader;
  readonly flusher: Flusher;
  #ids = 0;

  constructor(
    settings: Partial<ShardPorts["settings"]> = {},
    around: SimulatedShard = new SimulatedShard(KILLS),
  ) {
    this.around = around;
    const ports = (this.ports = around.portsOf(around.instance, around.sql.lease(), settings));
    const memory = (this.memory = new ShardMemory(ports));
    this.fence = new FenceKeeper(ports, (fence) => memory.adopt(fence));
    const commit = new GroupCommit(memory, this.fence, ports);
    this.writer = new GroupWriter(commit, ports, () => undefined);
    this.granting = new Granting(ports, this.writer, memory);
    this.loader = new Loader(memory, this.fence, ports, (resident) =>
      this.granting.resume(resident),
    );
    this.flusher = new Flusher(memory, this.fence, ports);
  }

  /** The parts of another instance over the same storage and Postgres; this one is a zombie then. */
  next(): SimulatedParts {
    this.around.start();
    return new SimulatedParts({}, this.around);
  }

  get store() {
    return this.around.store;
  }

  get time() {
    return this.around.time;
  }

  player(userId: string): PlayerKey {
    return this.around.player(userId);
  }

  /** Claims the fence and knows the catalog, as a shard after its first call. */
  async open(): Promise<this> {
    await this.memory.shelf.ensure(this.around.namespace, this.around.pointer);
    await this.time.until(this.fence.ensure());
    return this;
  }

  async load(...userIds: readonly string[]): Promise<void> {
    const loads = userIds.map((userId) => this.loader.load(this.player(userId)));
    await this.time.until(Promise.all(loads));
  }

  /** Journals one kill of the player, applied or parked. */
  async kill(userId: string): Promise<void> {
    await this.time.until(this.writer.add(this.killItem(userId)));
  }

  killItem(userId: string): EventItem {
    const id = (++this.#ids).toString(16).padStart(32, "0");
    return new EventItem(id, this.player(userId), anEvent({ inc: 1 }));
  }

  /** Kills as Postgres has them; undefined without a row. */
  storedKills(userId: string): number | undefined {
    return this.store.rowsOf(this.player(userId)).get("kills")?.row.eventCount;
  }
}

/** An initialize of a player, for journals that hold something. */
export function anOperation(userId = "ada"): PlayerOperation {
  return { player: { namespace: "default", userId }, operation: { kind: "initialize" } };
}

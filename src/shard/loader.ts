import type { PlayerKey } from "../core/player.ts";
import type { LoadedPlayers } from "../core/shard-store.ts";
import type { FenceKeeper } from "./fence-keeper.ts";
import { LOAD_PLAYERS_MAX } from "./limits.ts";
import type { ShardMemory } from "./memory.ts";
import type { ShardPorts } from "./ports.ts";
import { playerName, type Resident } from "./resident.ts";
import { Settling } from "./settling.ts";

/** A player's rows came, but what the journal holds for them cannot be read. */
export class ReplayFailed extends Error {
  constructor(cause: unknown) {
    super(`What waits for the player cannot be read: ${String(cause)}`, { cause });
    this.name = "ReplayFailed";
  }
}

interface Wanted {
  readonly player: PlayerKey;
  readonly loaded: Promise<void>;
  readonly settle: { resolve(): void; reject(error: unknown): void };
}

/**
 * Brings players from Postgres into memory: all that are asked for while one load is in flight go into the next.
 *
 * Only the answer to the current statement is installed; one that comes after its time limit is dropped by the store.
 */
export class Loader {
  readonly #memory: ShardMemory;
  readonly #fence: FenceKeeper;
  readonly #ports: ShardPorts;
  readonly #onLoaded: (resident: Resident) => void;
  readonly #settling: Settling;
  readonly #queue = new Map<string, Wanted>();
  readonly #inFlight = new Map<string, Wanted>();
  readonly #done = { loads: 0, players: 0 };
  #batchMax = LOAD_PLAYERS_MAX;
  #isRunning = false;
  #lastError: unknown = null;

  constructor(
    memory: ShardMemory,
    fence: FenceKeeper,
    ports: ShardPorts,
    onLoaded: (resident: Resident) => void,
  ) {
    this.#memory = memory;
    this.#fence = fence;
    this.#ports = ports;
    this.#onLoaded = onLoaded;
    this.#settling = new Settling(memory, ports);
  }

  /** Loads that Postgres answered, and the players that they were for. */
  get done(): { readonly loads: number; readonly players: number } {
    return this.#done;
  }

  /** True while the last load failed: an event then does not wait for one. */
  get isFailing(): boolean {
    return this.#lastError !== null;
  }

  /** Resolves when the player is in memory. Rejects when the load that would bring it fails; ask again to try again. */
  load(player: PlayerKey): Promise<void> {
    const name = playerName(player);
    if (this.#memory.residents.has(name)) return Promise.resolve();
    const settling = this.#settling.wait(player);
    if (settling !== null) return settling.then(() => this.load(player));
    const wanted = this.#inFlight.get(name) ?? this.#queue.get(name) ?? this.#enqueue(name, player);
    return wanted.loaded;
  }

  #enqueue(name: string, player: PlayerKey): Wanted {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    // A waiter may give up before the load fails; that failure then has nobody to go to.
    promise.catch(() => undefined);
    const wanted: Wanted = { player, loaded: promise, settle: { resolve, reject } };
    this.#queue.set(name, wanted);
    if (!this.#isRunning) {
      this.#isRunning = true;
      this.#drain().catch((error: unknown) => {
        this.#ports.log("loader-failed", { shard: this.#ports.shard, error: String(error) });
      });
    }
    return wanted;
  }

  async #drain(): Promise<void> {
    try {
      while (this.#queue.size > 0) await this.#loadBatch();
    } finally {
      this.#isRunning = false;
    }
  }

  async #loadBatch(): Promise<void> {
    try {
      await this.#fence.ensure();
      this.#takeBatch();
      const players = [...this.#inFlight.values()].map((wanted) => wanted.player);
      const loaded = await this.#ports.store.load(this.#ports.shard, players);
      if (loaded.epoch !== this.#fence.epoch) await this.#fence.foreignEpoch();
      this.#installAll(loaded);
      this.#lastError = null;
      this.#done.loads++;
      this.#done.players += players.length;
      this.#batchMax = Math.min(LOAD_PLAYERS_MAX, this.#batchMax * 2);
    } catch (error) {
      this.#lastError = error;
      const { shard, log } = this.#ports;
      const waiting = this.#inFlight.size + this.#queue.size;
      log("load-failed", { shard, waiting, error: String(error) });
      this.#batchMax = Math.max(1, this.#batchMax >> 1);
      this.#rejectBatch(error);
    }
  }

  #takeBatch(): void {
    for (const [name, wanted] of this.#queue) {
      if (this.#inFlight.size >= this.#batchMax) break;
      this.#queue.delete(name);
      this.#inFlight.set(name, wanted);
    }
  }

  #installAll({ rows, marks }: LoadedPlayers): void {
    // Before, not after: whoever waits for one of these players must find it.
    this.#memory.residents.evict();
    const byPlayer = Map.groupBy(rows, (row) => playerName(row.player));
    const markOf = new Map(marks.map(({ player, applied }) => [playerName(player), applied]));
    const installed = this.#memory.installAll(
      [...this.#inFlight].map(([name, { player }]) => {
        return { player, rows: byPlayer.get(name) ?? [], mark: markOf.get(name) ?? null };
      }),
    );
    for (const [name, { player, settle }] of this.#inFlight) {
      const resident = installed.get(name);
      if (resident instanceof Error) this.#replayFailed(player, settle, resident);
      else settle.resolve();
    }
    this.#inFlight.clear();
    for (const resident of installed.values()) {
      if (!(resident instanceof Error)) this.#onLoaded(resident);
    }
  }

  #replayFailed(player: PlayerKey, settle: Wanted["settle"], cause: Error): void {
    this.#memory.parked.setAside(playerName(player));
    settle.reject(new ReplayFailed(cause));
    const { shard, log } = this.#ports;
    log("replay-failed", { shard, ...player, error: String(cause) });
  }

  #rejectBatch(error: unknown): void {
    // A claim that failed concerns everybody who waits, a statement only those that were in it.
    const batch = this.#inFlight.size > 0 ? this.#inFlight : this.#queue;
    for (const wanted of batch.values()) wanted.settle.reject(error);
    batch.clear();
  }
}

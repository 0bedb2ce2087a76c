import type { PlayerKey } from "../core/player.ts";
import {
  HAND_OVER_PLAYERS_MAX,
  SETTLING_PAUSE_FIRST_MS,
  SETTLING_PAUSE_MAX_MS,
  SETTLING_WAIT_MS,
} from "./limits.ts";
import type { ShardMemory } from "./memory.ts";
import type { ShardPorts } from "./ports.ts";
import { playerName } from "./resident.ts";
import { writeOrAbort } from "./write-or-abort.ts";

/** A player that somebody wants loaded, and whose older shards have not written everything yet. */
interface Waiting {
  readonly player: PlayerKey;
  readonly until: number;
  readonly settled: Promise<void>;
  readonly settle: { resolve(): void; reject(error: unknown): void };
}

/**
 * Keeps players from being loaded before their older shards have nothing of them left to write: rows that were read before
 * that would lack operations which are acknowledged.
 */
export class Settling {
  readonly #memory: ShardMemory;
  readonly #ports: ShardPorts;
  readonly #waiting = new Map<string, Waiting>();
  #isRunning = false;

  constructor(memory: ShardMemory, ports: ShardPorts) {
    this.#memory = memory;
    this.#ports = ports;
  }

  /** Null: the player may be loaded now. Else resolves when it may; rejects when that takes too long, ask again then. */
  wait(player: PlayerKey): Promise<void> | null {
    const name = playerName(player);
    if (this.#memory.arrived.waitsFor(name).length === 0) return null;
    const known = this.#waiting.get(name);
    if (known !== undefined) return known.settled;
    const { promise: settled, resolve, reject } = Promise.withResolvers<void>();
    // Nobody may be left to hear of it.
    settled.catch(() => undefined);
    const until = this.#ports.realClock.now() + SETTLING_WAIT_MS;
    this.#waiting.set(name, { player, until, settled, settle: { resolve, reject } });
    if (!this.#isRunning) this.#run().catch((error: unknown) => this.#failed(error));
    return settled;
  }

  /** One round after the other, as long as somebody waits. */
  async #run(): Promise<void> {
    this.#isRunning = true;
    let pauseMs = SETTLING_PAUSE_FIRST_MS;
    while (this.#waiting.size > 0) {
      await this.#pause(pauseMs);
      pauseMs = Math.min(pauseMs * 2, SETTLING_PAUSE_MAX_MS);
      await Promise.all([...this.#byShard()].map(([shard, players]) => this.#ask(shard, players)));
      this.#release();
    }
    this.#isRunning = false;
  }

  #byShard(): Map<string, PlayerKey[]> {
    const byShard = new Map<string, PlayerKey[]>();
    for (const [name, { player }] of this.#waiting) {
      for (const shard of this.#memory.arrived.waitsFor(name)) {
        const players = byShard.get(shard);
        if (players === undefined) byShard.set(shard, [player]);
        else if (players.length < HAND_OVER_PLAYERS_MAX) players.push(player);
      }
    }
    return byShard;
  }

  /** An older shard that does not answer is asked again in the next round. */
  async #ask(older: string, players: readonly PlayerKey[]): Promise<void> {
    try {
      const settled = await this.#ports.olderShards.settled(older, players);
      writeOrAbort(this.#ports, "The end of an arrival", () => {
        for (const [index, player] of players.entries()) {
          if (settled[index] === true) this.#strike(playerName(player), older);
        }
      });
    } catch (error) {
      const { shard, log } = this.#ports;
      log("older-shard-failed", { shard, older, error: String(error) });
    }
  }

  #strike(name: string, shard: string): void {
    const left = this.#memory.arrived.waitsFor(name).filter((other) => other !== shard);
    this.#memory.arrived.note(name, left);
  }

  #release(): void {
    const now = this.#ports.realClock.now();
    for (const [name, { until, settle }] of this.#waiting) {
      const waitsFor = this.#memory.arrived.waitsFor(name);
      if (waitsFor.length > 0 && now < until) continue;
      this.#waiting.delete(name);
      if (waitsFor.length === 0) settle.resolve();
      else settle.reject(new Error(`${waitsFor.join(", ")} has not written the player yet.`));
    }
  }

  #failed(error: unknown): void {
    this.#isRunning = false;
    const { shard, log } = this.#ports;
    log("older-shard-failed", { shard, older: null, error: String(error) });
  }

  #pause(milliseconds: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#ports.after(milliseconds, resolve);
    return promise;
  }
}

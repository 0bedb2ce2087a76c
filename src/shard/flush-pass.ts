import type { PlayerKey } from "../core/player.ts";
import type { FenceKeeper } from "./fence-keeper.ts";
import type { Flusher } from "./flusher.ts";
import type { Granting } from "./granting.ts";
import { LOAD_PLAYERS_MAX, PASS_MS_MAX } from "./limits.ts";
import { type Loader, ReplayFailed } from "./loader.ts";
import type { ShardMemory } from "./memory.ts";
import type { ShardPorts } from "./ports.ts";
import { playerName } from "./resident.ts";

/** What a pass works with. */
export interface PassParts {
  readonly ports: ShardPorts;
  readonly memory: ShardMemory;
  readonly fence: FenceKeeper;
  readonly loader: Loader;
  readonly flusher: Flusher;
  readonly granting: Granting;
}

/** One pass of the pump: loads who waits, flushes who is dirty, and forgets what is not needed any more. */
export class FlushPass {
  readonly #parts: PassParts;
  #hasResumedGrants = false;

  constructor(parts: PassParts) {
    this.#parts = parts;
  }

  get lastFlushAt(): number | null {
    return this.#parts.fence.lastFlushAt;
  }

  /** True when this instance must not write any more. */
  get isStopped(): boolean {
    return this.#parts.fence.stopped !== null;
  }

  /** Operations that Postgres lacks. */
  get journalDepth(): number {
    return this.#parts.memory.journal.size.operations;
  }

  /** Whom the passes have to leave out, and why; null: nobody. */
  get trouble(): string | null {
    const { memory, flusher } = this.#parts;
    const { stuck } = memory.parked;
    if (stuck > 0) return `The journal of ${stuck} players cannot be read.`;
    return flusher.trouble;
  }

  /** True while another pass has something to do. */
  get hasWork(): boolean {
    const { memory, granting, fence } = this.#parts;
    if (fence.stopped !== null) return false;
    const hasGrants = granting.size > 0 || (!this.#hasResumedGrants && memory.openGrants.size > 0);
    return hasGrants || memory.journal.size.operations > 0;
  }

  /** Throws what kept it from finishing; whatever could be done is done by then. */
  async run(): Promise<void> {
    const { fence, memory } = this.#parts;
    this.#tidy();
    await fence.ensure();
    const endsAt = this.#parts.ports.realClock.now() + PASS_MS_MAX;
    let failure = await this.#resumeGrants();
    do {
      failure = (await this.#load(memory.parked.players(LOAD_PLAYERS_MAX))) ?? failure;
      // Whoever could be loaded is flushed: players that cannot must not hold the others back.
      await this.#flushAll(endsAt);
      this.#tidy();
    } while (failure === null && memory.parked.waiting > 0 && this.#hasTime(endsAt));
    if (failure !== null) throw failure;
  }

  /** Needs no Postgres: memory must stay bounded while that is away. */
  #tidy(): void {
    const { memory, ports } = this.#parts;
    memory.dedup.trim(ports.realClock.now());
    memory.shelf.prune(() => memory.journal.catalogVersions);
    memory.residents.evict();
  }

  /** Grants that an earlier instance left open are resumed with their players, also when the players never come back. */
  async #resumeGrants(): Promise<Error | null> {
    if (this.#hasResumedGrants) return null;
    const { granting, memory } = this.#parts;
    const isHere = (player: PlayerKey) => !memory.moved.has(playerName(player));
    for (const open of memory.openGrants.inherited()) {
      if (isHere(open.player)) granting.startAgain(open);
    }
    const { store, shard } = this.#parts.ports;
    try {
      const players = await store.playersWithPendingGrants(shard);
      const failure = await this.#load(players.filter(isHere));
      this.#hasResumedGrants = failure === null;
      return failure;
    } catch (error) {
      return asError(error);
    }
  }

  /** Loads players. Answers why not all could be read; null: all were, whether or not what waited for them could be applied. */
  async #load(players: readonly PlayerKey[]): Promise<Error | null> {
    const { loader } = this.#parts;
    const loads = await Promise.allSettled(players.map((player) => loader.load(player)));
    for (const load of loads) {
      const isRead = load.status === "fulfilled" || load.reason instanceof ReplayFailed;
      if (!isRead) return asError(load.reason);
    }
    return null;
  }

  /** Flushes until nothing was left out for want of room. What arrives meanwhile waits for the next second. */
  async #flushAll(endsAt: number): Promise<void> {
    const { flusher } = this.#parts;
    do {
      const result = await flusher.flush();
      if (result.outcome === "idle") return;
      if (result.outcome !== "moved") continue;
      if (result.leftOut === 0) return;
    } while (this.#hasTime(endsAt));
  }

  #hasTime(endsAt: number): boolean {
    return this.#parts.ports.realClock.now() < endsAt;
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

import type { FenceKeeper } from "./fence-keeper.ts";
import type { Flusher } from "./flusher.ts";
import type { Granting } from "./granting.ts";
import { ALARM_OVERDUE_MS, BACKOFF_MAX_MS, LOAD_PLAYERS_MAX } from "./limits.ts";
import type { Loader } from "./loader.ts";
import type { ShardMemory } from "./memory.ts";
import type { ShardPorts } from "./ports.ts";

/** The parts that a pump drives. */
export interface PumpParts {
  readonly ports: ShardPorts;
  readonly memory: ShardMemory;
  readonly fence: FenceKeeper;
  readonly loader: Loader;
  readonly flusher: Flusher;
  readonly granting: Granting;
}

/**
 * What the alarm does: once a second, while there is work, load who waits and flush who is dirty.
 *
 * Never throws: the platform drops an alarm after six failures. Arms the next one as long as work is left, later and later
 * while Postgres is away.
 */
export class Pump {
  readonly #parts: PumpParts;
  #isRunning = false;
  #armedFor: number | null = null;
  #failures = 0;
  #hasReadGrants = false;
  #lastFlushAt: number | null = null;
  #lastError: string | null = null;

  constructor(parts: PumpParts) {
    this.#parts = parts;
  }

  get lastFlushAt(): number | null {
    return this.#lastFlushAt;
  }

  /** Why the last pass failed; null after a successful one. */
  get lastError(): string | null {
    return this.#lastError;
  }

  /** Arms the alarm when there is work and none is armed, or the armed one is overdue: alarms can get lost. */
  arm(): void {
    if (this.#isRunning || !this.#hasWork()) return;
    const { realClock, settings } = this.#parts.ports;
    const now = realClock.now();
    if (this.#armedFor !== null && now < this.#armedFor + ALARM_OVERDUE_MS) return;
    this.#setAlarm(now + settings.flushIntervalMs);
  }

  /** One pass; see the class. */
  async run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#armedFor = null;
    try {
      if (this.#hasWork()) await this.#pass();
      this.#failures = 0;
      this.#lastError = null;
    } catch (error) {
      this.#failures++;
      this.#lastError = describe(error);
      const { ports } = this.#parts;
      ports.log("flush-failed", { shard: ports.shard, error: this.#lastError });
    } finally {
      this.#isRunning = false;
      this.#rearm();
    }
  }

  async #pass(): Promise<void> {
    const { fence, memory, ports } = this.#parts;
    await fence.ensure();
    await this.#readGrants();
    let failure: unknown = null;
    do {
      failure = await this.#loadParked();
      // Whoever could be loaded is flushed: one player that cannot must not hold the others back.
      await this.#flushAll();
    } while (failure === null && memory.parked.size > 0);
    memory.dedup.trim(ports.realClock.now());
    memory.shelf.prune(() => memory.journal.catalogVersions);
    memory.residents.evict();
    if (failure !== null) throw failure;
  }

  /** Grants that an earlier instance left open are resumed with their players, also when the players never come back. */
  async #readGrants(): Promise<void> {
    if (this.#hasReadGrants) return;
    const { ports, loader } = this.#parts;
    const players = await ports.store.playersWithPendingGrants(ports.shard);
    await Promise.all(players.map((player) => loader.load(player)));
    this.#hasReadGrants = true;
  }

  /** Loads one batch of players whose operations wait for it. Answers why some of them stayed behind; null: none did. */
  async #loadParked(): Promise<unknown> {
    const { memory, loader } = this.#parts;
    const players = memory.parked.players(LOAD_PLAYERS_MAX);
    const loads = await Promise.allSettled(players.map((player) => loader.load(player)));
    const failed = loads.find((load) => load.status === "rejected");
    return failed === undefined ? null : failed.reason;
  }

  /** Flushes until nothing was left out for want of room. What arrives meanwhile waits for the next second. */
  async #flushAll(): Promise<void> {
    const { flusher, ports } = this.#parts;
    for (;;) {
      const startedAt = ports.realClock.now();
      const result = await flusher.flush();
      if (result.outcome === "idle") return;
      if (result.outcome === "settled") continue;
      this.#lastFlushAt = ports.realClock.now();
      const { players, rows } = result;
      const milliseconds = this.#lastFlushAt - startedAt;
      ports.log("flush", { shard: ports.shard, players, rows, milliseconds });
      if (result.leftOut === 0) return;
    }
  }

  #hasWork(): boolean {
    const { memory, granting, fence } = this.#parts;
    if (fence.stopped !== null) return false;
    return memory.journal.size.operations > 0 || granting.size > 0;
  }

  #rearm(): void {
    if (!this.#hasWork()) return;
    const { realClock, settings } = this.#parts.ports;
    const backoff = settings.flushIntervalMs * 2 ** Math.min(this.#failures, 10);
    this.#setAlarm(realClock.now() + Math.min(backoff, BACKOFF_MAX_MS));
  }

  #setAlarm(at: number): void {
    this.#armedFor = at;
    this.#parts.ports.setAlarm(at);
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

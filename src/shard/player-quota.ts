import type { Failure } from "../core/errors.ts";
import { PLAYER_LIMITS } from "../core/limits.ts";
import type { PlayerKey } from "../core/player.ts";
import type { Clock } from "../core/ports.ts";
import type { ShardOutcome } from "./handed-over.ts";
import { OVERLOAD_RETRY_SECONDS } from "./limits.ts";
import type { ShardMemory } from "./memory.ts";
import { playerName } from "./resident.ts";

/** Commands are counted in spans of this length, the same for all players: one map to forget, and nothing to keep per player. */
const SPAN_MS = PLAYER_LIMITS.commands.seconds * 1_000;

/**
 * Bounds what one player can cost a shard, so that a player never becomes the others' problem.
 *
 * Knows who has calls in flight, and who sent commands in the current span; both are bounded by what the shard lets in.
 */
export class PlayerQuota {
  readonly #memory: Pick<ShardMemory, "residents">;
  readonly #clock: Clock;
  readonly #inFlight = new Map<string, number>();
  readonly #commands = new Map<string, number>();
  #spanStartedAt = -Infinity;

  /** `clock` is the real time, whatever the rules take for now. */
  constructor(memory: Pick<ShardMemory, "residents">, clock: Clock) {
    this.#memory = memory;
    this.#clock = clock;
  }

  /** Runs a player's command, or answers RATE_LIMITED or SHARD_OVERLOADED. */
  async command<T>(
    player: PlayerKey,
    call: () => Promise<ShardOutcome<T>>,
  ): Promise<ShardOutcome<T>> {
    const name = playerName(player);
    const failure = this.#crowd(name) ?? this.#hurry(name) ?? this.#backlog(name);
    return failure === null ? this.#run(name, call) : { ok: false, failure };
  }

  /** Runs a read, or answers RATE_LIMITED. Not counted over time: to refuse a read costs the shard as much as to answer it. */
  async read<T>(player: PlayerKey, call: () => Promise<ShardOutcome<T>>): Promise<ShardOutcome<T>> {
    const name = playerName(player);
    const failure = this.#crowd(name);
    return failure === null ? this.#run(name, call) : { ok: false, failure };
  }

  async #run<T>(name: string, call: () => Promise<T>): Promise<T> {
    this.#inFlight.set(name, (this.#inFlight.get(name) ?? 0) + 1);
    try {
      return await call();
    } finally {
      const left = (this.#inFlight.get(name) ?? 1) - 1;
      if (left === 0) this.#inFlight.delete(name);
      else this.#inFlight.set(name, left);
    }
  }

  #crowd(name: string): Failure | null {
    const count = this.#inFlight.get(name) ?? 0;
    if (count < PLAYER_LIMITS.callsInFlight) return null;
    return limited(`${count} requests of this player are not answered yet`, OVERLOAD_RETRY_SECONDS);
  }

  /** Counts the command; whoever is over the limit is not counted further. */
  #hurry(name: string): Failure | null {
    const now = this.#clock.now();
    // Not only later: a clock that was set back must not keep a span open.
    if (Math.abs(now - this.#spanStartedAt) >= SPAN_MS) {
      this.#commands.clear();
      this.#spanStartedAt = now;
    }
    const count = (this.#commands.get(name) ?? 0) + 1;
    const { requests, seconds } = PLAYER_LIMITS.commands;
    if (count > requests) {
      const leftMs = this.#spanStartedAt + SPAN_MS - now;
      const reason = `more than ${requests} commands of this player in ${seconds} seconds`;
      return limited(reason, Math.max(1, Math.ceil(leftMs / 1_000)));
    }
    this.#commands.set(name, count);
    return null;
  }

  #backlog(name: string): Failure | null {
    const count = this.#memory.residents.get(name)?.unstoredOperations ?? 0;
    if (count < PLAYER_LIMITS.operationsNotStored) return null;
    return {
      code: "SHARD_OVERLOADED",
      detail: `The database lacks ${count} operations of this player. Send the same request again.`,
      retryAfterSeconds: OVERLOAD_RETRY_SECONDS,
    };
  }
}

function limited(reason: string, retryAfterSeconds: number): Failure {
  const detail = `Slow down: ${reason}. Send the same request again.`;
  return { code: "RATE_LIMITED", detail, retryAfterSeconds };
}

import { type Outcome, refuse } from "../core/errors.ts";
import type { PlayerKey } from "../core/player.ts";
import type { Arrivals } from "./arrivals.ts";
import { moved, PlayerMoved, type ShardOutcome } from "./handed-over.ts";
import { OVERLOAD_RETRY_SECONDS } from "./limits.ts";
import type { ShardMemory } from "./memory.ts";
import type { ShardPorts } from "./ports.ts";
import { playerName } from "./resident.ts";
import type { ShardLayout } from "./routing.ts";

/** Lets a call about a player through only in the shard that has the player. */
export class Ownership {
  readonly #memory: ShardMemory;
  readonly #arrivals: Arrivals;
  readonly #ports: ShardPorts;

  constructor(memory: ShardMemory, arrivals: Arrivals, ports: ShardPorts) {
    this.#memory = memory;
    this.#arrivals = arrivals;
    this.#ports = ports;
  }

  /**
   * Runs the call once the player is this shard's. Answers where the player is instead, also when it moves in the middle of
   * the call; SHARD_UNAVAILABLE when an older shard does not hand it over.
   */
  async of<T>(
    player: PlayerKey,
    layout: ShardLayout,
    call: () => Promise<Outcome<T>>,
  ): Promise<ShardOutcome<T>> {
    if (!(await this.arrived([player], layout))) return notArrived();
    // Not before: who moves on while it arrives never belonged here, and must not be loaded here either.
    const movedTo = this.#memory.moved.layoutOf(playerName(player));
    if (movedTo !== null) return moved(movedTo);
    try {
      return await call();
    } catch (error) {
      if (error instanceof PlayerMoved) return moved(error.movedTo);
      throw error;
    }
  }

  /** True when the players are this shard's, or have moved on; false when an older shard does not answer. */
  async arrived(players: Iterable<PlayerKey>, layout: ShardLayout): Promise<boolean> {
    try {
      await this.#arrivals.ensure(players, layout);
      return true;
    } catch (error) {
      this.#ports.log("arrival-failed", { shard: this.#ports.shard, error: String(error) });
      return false;
    }
  }
}

/** What a caller is told while an older shard does not answer. */
export function notArrived(): ReturnType<typeof refuse> {
  return refuse(
    "SHARD_UNAVAILABLE",
    "The player's former shard did not answer. Send the request again with the same ids.",
    { retryAfterSeconds: OVERLOAD_RETRY_SECONDS },
  );
}

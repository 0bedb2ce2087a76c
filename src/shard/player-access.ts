import { type Outcome, refuse } from "../core/errors.ts";
import type { PlayerKey } from "../core/player.ts";
import type { FenceKeeper } from "./fence-keeper.ts";
import { LOAD_WAIT_MS, OVERLOAD_RETRY_SECONDS, SET_BACK_RETRY_SECONDS } from "./limits.ts";
import type { Loader } from "./loader.ts";
import type { ShardMemory } from "./memory.ts";
import type { ShardPorts } from "./ports.ts";
import { playerName, type Resident } from "./resident.ts";
import { within } from "./within.ts";

/** A player just loaded can be evicted before its caller's turn, when memory is full of players that cannot be. */
const LOADS_PER_CALL_MAX = 3;

/** Gives calls the player they need in memory, or the reason why it is not. */
export class PlayerAccess {
  readonly #memory: ShardMemory;
  readonly #loader: Loader;
  readonly #fence: FenceKeeper;
  readonly #ports: ShardPorts;

  constructor(memory: ShardMemory, loader: Loader, fence: FenceKeeper, ports: ShardPorts) {
    this.#memory = memory;
    this.#loader = loader;
    this.#fence = fence;
    this.#ports = ports;
  }

  /**
   * Runs a call with the player loaded, and keeps the player in memory until it ends.
   *
   * DATABASE_UNAVAILABLE when Postgres does not answer in time, SHARD_OVERLOADED when memory has no room.
   */
  async use<T>(
    player: PlayerKey,
    call: (resident: Resident) => Promise<Outcome<T>>,
  ): Promise<Outcome<T>> {
    const name = playerName(player);
    for (let loads = 0; ; loads++) {
      const resident = this.#memory.residents.get(name);
      // Pinned in the turn in which it was found: even one await later it could be evicted.
      if (resident !== undefined) return pinned(resident, call);
      if (loads === LOADS_PER_CALL_MAX) {
        return refuse("SHARD_OVERLOADED", "The player's shard has no memory left. Ask again.", {
          retryAfterSeconds: OVERLOAD_RETRY_SECONDS,
        });
      }
      const failure = await this.#load(player);
      if (failure !== null) return failure;
    }
  }

  /** What went wrong is in the log alone: it may name addresses and statements, and the caller is a player. */
  async #load(player: PlayerKey): Promise<ReturnType<typeof refuse> | null> {
    try {
      const isLoaded = await within(this.#ports, LOAD_WAIT_MS, this.#loader.load(player));
      return isLoaded ? null : unavailable();
    } catch {
      const { isSetBack } = this.#fence;
      return isSetBack ? setBack() : unavailable();
    }
  }
}

async function pinned<T>(resident: Resident, call: (resident: Resident) => Promise<T>): Promise<T> {
  resident.pins++;
  try {
    return await call(resident);
  } finally {
    resident.pins--;
  }
}

function unavailable(): ReturnType<typeof refuse> {
  return refuse(
    "DATABASE_UNAVAILABLE",
    "The player cannot be read from the database at the moment. Send the request again.",
    { retryAfterSeconds: OVERLOAD_RETRY_SECONDS },
  );
}

/** Asking again helps only when an operator has decided. */
function setBack(): ReturnType<typeof refuse> {
  return refuse(
    "DATABASE_UNAVAILABLE",
    "The player's shard has stopped: its database was set back in time, and an operator has to let it go on.",
    { retryAfterSeconds: SET_BACK_RETRY_SECONDS },
  );
}

import type { PlayerKey } from "../core/player.ts";
import type { GrantOutcome } from "../core/ports.ts";
import { GRANTS_IN_FLIGHT_MAX } from "./limits.ts";
import type { ShardMemory } from "./memory.ts";
import type { ShardPorts } from "./ports.ts";
import type { Pursuit } from "./pursuit.ts";
import { playerName } from "./resident.ts";
import { Semaphore } from "./semaphore.ts";

/** Calls the reward service, a few calls at a time; for players who were erased once it asks the ledger first. */
export class RewardAsker {
  readonly #ports: ShardPorts;
  readonly #memory: Pick<ShardMemory, "erasedPlayers" | "parked" | "residents">;
  readonly #slots = new Semaphore(GRANTS_IN_FLIGHT_MAX);

  constructor(
    ports: ShardPorts,
    memory: Pick<ShardMemory, "erasedPlayers" | "parked" | "residents">,
  ) {
    this.#ports = ports;
    this.#memory = memory;
  }

  /** Asks once; never throws. Not even once when the pursuit is over before its turn comes. */
  async ask(pursuit: Pursuit): Promise<GrantOutcome> {
    const { player, challengeId, goalId, claim } = pursuit;
    const { namespace, userId } = player;
    const { grantId, reward } = claim;
    const isLettered = this.#memory.residents.get(playerName(player))?.letters.areThere === true;
    if (isLettered || this.#memory.erasedPlayers.has(player)) {
      const told = await this.#askLedger(player, grantId);
      if (told !== null) return told;
    }
    try {
      return await this.#slots.run(async () => {
        if (pursuit.isOver) return { outcome: "deferred", reason: "The grant was settled." };
        const unansweredAt = pursuit.mayHaveBeenPaidAt;
        const request = { grantId, namespace, userId, challengeId, goalId, reward, unansweredAt };
        return this.#ports.granter.grant(request);
      });
    } catch (error) {
      // A granter must not throw; one that does may have paid before it did.
      return { outcome: "unknown", reason: `The granter failed: ${String(error)}` };
    }
  }

  /**
   * Whether a player whose rows may not tell (erased, or with dead letters) was paid under this grant id before; null: not
   * so, ask the reward service.
   *
   * The ledger is partly on its way: in the journal of a player who is not loaded, in a line that no flush has taken yet.
   */
  async #askLedger(player: PlayerKey, grantId: string): Promise<GrantOutcome | null> {
    const { parked, residents } = this.#memory;
    const name = playerName(player);
    if (parked.positionsOf(name).length > 0) {
      return {
        outcome: "deferred",
        reason: "What the journal holds of the player is not applied yet.",
      };
    }
    if (residents.get(name)?.isGranted(grantId) === true) return { outcome: "granted" };
    try {
      return (await this.#ports.store.isGranted(grantId)) ? { outcome: "granted" } : null;
    } catch (error) {
      return { outcome: "deferred", reason: `The ledger did not answer: ${String(error)}` };
    }
  }
}

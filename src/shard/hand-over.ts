import type { PlayerKey } from "../core/player.ts";
import type { Granting } from "./granting.ts";
import type { HandedOver, HandOverAnswer } from "./handed-over.ts";
import { encodeIds } from "./id-bytes.ts";
import type { ShardMemory } from "./memory.ts";
import type { ShardPorts } from "./ports.ts";
import { playerName, playerTag } from "./resident.ts";
import { generationOf, type ShardLayout } from "./routing.ts";
import { writeOrAbort } from "./write-or-abort.ts";

/**
 * The older shard's side of a change of SHARD_COUNT: gives players away, for good.
 *
 * Needs no Postgres. What the shard still has of them in its journal is flushed as ever; only when that is in Postgres may
 * the newer shard read their rows.
 */
export class HandOver {
  readonly #memory: ShardMemory;
  readonly #granting: Granting;
  readonly #ports: ShardPorts;
  readonly #hurry: () => void;

  /** `hurry` makes the next flush come at once. */
  constructor(memory: ShardMemory, granting: Granting, ports: ShardPorts, hurry: () => void) {
    this.#memory = memory;
    this.#granting = granting;
    this.#ports = ports;
    this.#hurry = hurry;
  }

  /**
   * Gives the players to a newer layout: from this turn on nothing of them is taken here. May be repeated, also by an even
   * newer layout. Throws when the layout is not newer than this shard.
   */
  give(players: readonly PlayerKey[], to: ShardLayout): HandOverAnswer {
    const { shard } = this.#ports;
    if (to.generation <= generationOf(shard)) {
      throw new Error(`${shard} cannot hand a player over to generation ${to.generation}.`);
    }
    const { moved, journal } = this.#memory;
    writeOrAbort(this.#ports, "A hand-over", () => {
      for (const player of players) moved.note(playerName(player), to);
    });
    const given = players.map((player) => this.#give(player));
    if (given.some(({ isSettled }) => !isSettled)) this.#hurry();
    return { players: given, lastAt: journal.lastAt };
  }

  /** For each player that was given away: whether everything is in Postgres. Once true it stays true. */
  settled(players: readonly PlayerKey[]): boolean[] {
    return players.map((player) => this.#isSettled(player));
  }

  #give(player: PlayerKey): HandedOver {
    const { arrived, dedup, retried, openGrants, grantDoubts, erasedPlayers, shelf } = this.#memory;
    this.#granting.release(player);
    const { ids, results } = dedup.ofPlayer(playerTag(player));
    const grants = openGrants.ofPlayer(player);
    const shelved = grants.length === 0 ? undefined : shelf.current(player.namespace);
    return {
      ids: encodeIds(ids),
      results,
      retried: encodeIds(retried.ofPlayer(player)),
      grants,
      pointer: shelved?.pointer ?? null,
      doubts: grantDoubts.ofPlayer(player),
      wasErased: erasedPlayers.has(player),
      hasArrived: arrived.has(playerName(player)),
      isSettled: this.#isSettled(player),
    };
  }

  /** What is journaled here of the player becomes void in the turn in which it is known to be in Postgres. */
  #isSettled(player: PlayerKey): boolean {
    const { moved, parked, residents } = this.#memory;
    const name = playerName(player);
    if (moved.isVoid(name)) return true;
    const isDirty = (residents.get(name)?.dirtySince ?? null) !== null;
    if (isDirty || parked.positionsOf(name).length > 0 || !moved.has(name)) return false;
    writeOrAbort(this.#ports, "The end of a hand-over", () => moved.makeVoid(name));
    return true;
  }
}

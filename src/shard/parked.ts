import type { PlayerKey } from "../core/player.ts";
import { playerName } from "./resident.ts";

interface ParkedPlayer {
  readonly player: PlayerKey;
  readonly positions: number[];
}

/**
 * Operations that were acknowledged for players who are not in memory: held as positions, applied when the player is
 * loaded. A flush must never let the fence pass one of them.
 */
export class Parked {
  readonly #byName = new Map<string, ParkedPlayer>();
  readonly #setAside = new Set<string>();

  get size(): number {
    return this.#byName.size;
  }

  /** Players that wait to be loaded. */
  get waiting(): number {
    return this.#byName.size - this.#setAside.size;
  }

  /** Players whose operations cannot be read. */
  get stuck(): number {
    return this.#setAside.size;
  }

  /** Positions must come in ascending order. */
  add(player: PlayerKey, position: number): void {
    const name = playerName(player);
    const parked = this.#byName.get(name);
    if (parked === undefined) this.#byName.set(name, { player, positions: [position] });
    else parked.positions.push(position);
  }

  /** The player's positions, ascending. */
  positionsOf(name: string): readonly number[] {
    return this.#byName.get(name)?.positions ?? [];
  }

  remove(name: string): void {
    this.#byName.delete(name);
    this.#setAside.delete(name);
  }

  /** The player's operations cannot be read: it holds the fence back, but must not hold up who waits for a load. */
  setAside(name: string): void {
    if (this.#byName.has(name)) this.#setAside.add(name);
  }

  clear(): void {
    this.#byName.clear();
    this.#setAside.clear();
  }

  /** At most `count` players that wait, those that waited longest first. */
  players(count: number): PlayerKey[] {
    const players: PlayerKey[] = [];
    for (const [name, { player }] of this.#byName) {
      if (players.length >= count) break;
      if (!this.#setAside.has(name)) players.push(player);
    }
    return players;
  }

  /** The smallest parked position; null when there is none. */
  get since(): number | null {
    let smallest: number | null = null;
    for (const { positions } of this.#byName.values()) {
      const first = positions[0];
      if (first !== undefined && (smallest === null || first < smallest)) smallest = first;
    }
    return smallest;
  }
}

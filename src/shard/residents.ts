import type { Change } from "../core/reducer.ts";
import type { Resident } from "./resident.ts";

/**
 * The players in memory, the least recently used first.
 *
 * Only clean players that nobody relies on are evicted: not dirty, not pinned, without a grant that is asked for.
 */
export class Residents {
  readonly #bytesMax: number;
  readonly #byName = new Map<string, Resident>();
  readonly #dirty = new Map<string, Resident>();
  #bytes = 0;
  #dirtyBytes = 0;

  /** `bytesMax`: estimated bytes beyond which players are evicted. */
  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  get size(): number {
    return this.#byName.size;
  }

  get dirtyCount(): number {
    return this.#dirty.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get dirtyBytes(): number {
    return this.#dirtyBytes;
  }

  /** The player, marked as just used. */
  get(name: string): Resident | undefined {
    const resident = this.#byName.get(name);
    if (resident === undefined) return undefined;
    this.#byName.delete(name);
    this.#byName.set(name, resident);
    return resident;
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }

  add(resident: Resident): void {
    this.#byName.set(resident.name, resident);
    this.#bytes += resident.bytes;
    this.#noteDirty(resident, 0);
  }

  /** Takes a change over into the player, keeping the books on memory and dirt. */
  commit(resident: Resident, change: Change, position: number): void {
    const before = resident.bytes;
    const wasDirty = this.#dirty.has(resident.name);
    resident.commit(change, position);
    this.#bytes += resident.bytes - before;
    this.#noteDirty(resident, wasDirty ? before : 0);
  }

  /** Postgres contains the player's operations up to `applied`. */
  stored(name: string, applied: number): void {
    const resident = this.#byName.get(name);
    if (resident === undefined) return;
    resident.stored(applied);
    if (resident.dirtySince === null && this.#dirty.delete(name)) {
      this.#dirtyBytes -= resident.bytes;
    }
  }

  /** Lets a player go, whatever Postgres lacks of it. */
  remove(name: string): Resident | undefined {
    const resident = this.#byName.get(name);
    if (resident === undefined) return undefined;
    this.#byName.delete(name);
    this.#bytes -= resident.bytes;
    if (this.#dirty.delete(name)) this.#dirtyBytes -= resident.bytes;
    return resident;
  }

  /** The dirty players, the one with the oldest operation first. */
  dirtyOldestFirst(): Resident[] {
    const since = (resident: Resident) => resident.dirtySince ?? Infinity;
    return [...this.#dirty.values()].toSorted((a, b) => since(a) - since(b));
  }

  /** Lets the least recently used go until the estimate fits. Returns how many went. */
  evict(): number {
    let evicted = 0;
    if (this.#bytes <= this.#bytesMax) return evicted;
    for (const [name, resident] of this.#byName) {
      if (this.#bytes <= this.#bytesMax) break;
      const isNeeded = resident.dirtySince !== null || resident.pins > 0 || resident.awaitsGrant;
      if (isNeeded) continue;
      this.#byName.delete(name);
      this.#bytes -= resident.bytes;
      evicted++;
    }
    return evicted;
  }

  #noteDirty(resident: Resident, countedBytes: number): void {
    if (resident.dirtySince === null) return;
    this.#dirty.set(resident.name, resident);
    this.#dirtyBytes += resident.bytes - countedBytes;
  }
}

import type { CatalogPointer } from "../core/catalog.ts";
import type { Operation } from "../core/operation.ts";
import type { PlayerKey } from "../core/player.ts";
import type { ApplyContext, Change } from "../core/reducer.ts";
import type { FirstResult } from "./dedup.ts";
import type { FenceKeeper } from "./fence-keeper.ts";
import type { PlayerOperation } from "./journal-group.ts";
import { GROUP_BYTES_MAX, GROUP_WAIT_MS } from "./limits.ts";
import type { ShardMemory } from "./memory.ts";
import type { ShardPorts } from "./ports.ts";
import { playerName, type Resident } from "./resident.ts";

/** One call's operation on its way into the journal. */
export interface GroupItem {
  /** 32 hex digits; see Dedup. */
  readonly id: string;
  readonly player: PlayerKey;
  /** Estimated size in the journal. */
  readonly bytes: number;
  /**
   * The operation to journal, decided in the turn in which the group is written; null refuses it, and nothing is stored.
   * `resident` is undefined for a player who is not in memory.
   */
  decide(resident: Resident | undefined, context: ApplyContext): Operation | null;
  /** Told what the operation changed; answers what a repeat of a command is to be told, null for an event. */
  applied?(resident: Resident, change: Change): FirstResult | null;
  /** Runs in the same turn, after the group's write: what it writes is durable with the group, or not at all. */
  written?(): void;
  /** The rules threw: the operation is not journaled. */
  failed(error: unknown): void;
}

interface OpenGroup {
  readonly items: GroupItem[];
  readonly ids: Set<string>;
  readonly written: Promise<void>;
  readonly settle: { resolve(): void; reject(error: unknown): void };
  readonly cancel: () => void;
  bytes: number;
}

/**
 * Group commit: the operations of all calls that arrive within a few milliseconds become one row of the journal.
 *
 * Operations are decided and applied when their group is written, in the same synchronous turn as its INSERT. If that
 * write fails, memory is ahead of the journal: the instance ends itself.
 */
export class GroupWriter {
  readonly #memory: ShardMemory;
  readonly #fence: FenceKeeper;
  readonly #ports: ShardPorts;
  readonly #onWritten: () => void;
  #open: OpenGroup | null = null;

  /** `onWritten` runs after each group that left work for a flush, in the same turn. */
  constructor(memory: ShardMemory, fence: FenceKeeper, ports: ShardPorts, onWritten: () => void) {
    this.#memory = memory;
    this.#fence = fence;
    this.#ports = ports;
    this.#onWritten = onWritten;
  }

  /** The write of the open group, when the id is in it: whoever met it is answered after that. */
  pending(id: string): Promise<void> | null {
    return this.#open?.ids.has(id) === true ? this.#open.written : null;
  }

  /** Operations and bytes that wait in the open group. */
  get openSize(): { readonly operations: number; readonly bytes: number } {
    return { operations: this.#open?.items.length ?? 0, bytes: this.#open?.bytes ?? 0 };
  }

  /** Puts an operation into the open group; resolves once that group is written. Its id must be new. */
  add(item: GroupItem): Promise<void> {
    const group = (this.#open ??= this.#start());
    group.items.push(item);
    group.ids.add(item.id);
    group.bytes += item.bytes;
    if (group.bytes >= GROUP_BYTES_MAX) this.#close(group);
    return group.written;
  }

  #start(): OpenGroup {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const group: OpenGroup = {
      items: [],
      ids: new Set(),
      written: promise,
      settle: { resolve, reject },
      cancel: this.#ports.after(GROUP_WAIT_MS, () => this.#close(group)),
      bytes: 0,
    };
    return group;
  }

  #close(group: OpenGroup): void {
    if (this.#open !== group) return;
    this.#open = null;
    group.cancel();
    try {
      this.#write(group.items);
    } catch (error) {
      this.#ports.abort(`The journal could not be written: ${String(error)}`);
      group.settle.reject(error);
      return;
    }
    group.settle.resolve();
  }

  #write(items: readonly GroupItem[]): void {
    const { journal, dedup } = this.#memory;
    const at = this.#memory.arrival(this.#ports.clock.now());
    const operations: PlayerOperation[] = [];
    const ids: string[] = [];
    const accepted: GroupItem[] = [];
    const results = new Map<string, FirstResult>();
    const catalogs: Record<string, CatalogPointer> = {};
    for (const item of items) {
      const position = journal.last + 1 + operations.length;
      const taken = this.#take(item, position, at);
      if (taken === null) continue;
      operations.push({ player: item.player, operation: taken.operation });
      catalogs[item.player.namespace] = taken.pointer;
      ids.push(item.id);
      if (taken.result !== null) results.set(item.id, taken.result);
      accepted.push(item);
    }
    if (operations.length === 0) return;
    journal.append(operations, { at, epoch: this.#fence.epoch, catalogs });
    dedup.add(ids, results, this.#ports.realClock.now());
    for (const item of accepted) item.written?.();
    this.#onWritten();
  }

  /** Decides one item and applies it. Null: it was refused, or the rules threw; nothing of it is kept. */
  #take(item: GroupItem, position: number, at: number): Taken | null {
    const { residents, parked } = this.#memory;
    const resident = residents.get(playerName(item.player));
    const prepared = this.#prepare(item, resident, at);
    if (prepared === null) return null;
    const { operation, pointer, change } = prepared;
    if (resident === undefined || change === null) {
      parked.add(item.player, position);
      return { operation, pointer, result: null };
    }
    residents.commit(resident, change, position);
    return { operation, pointer, result: item.applied?.(resident, change) ?? null };
  }

  #prepare(item: GroupItem, resident: Resident | undefined, at: number): Prepared | null {
    try {
      const shelved = this.#memory.shelf.current(item.player.namespace);
      if (shelved === undefined) throw new Error("The namespace has no catalog on the shelf.");
      const { catalog, pointer } = shelved;
      const operation = item.decide(resident, { catalog, at });
      if (operation === null) return null;
      const change = resident?.prepare(operation, { catalog, at }) ?? null;
      return { operation, pointer, change };
    } catch (error) {
      item.failed(error);
      return null;
    }
  }
}

interface Prepared {
  readonly operation: Operation;
  readonly pointer: CatalogPointer;
  /** Null for a player who is not in memory. */
  readonly change: Change | null;
}

interface Taken {
  readonly operation: Operation;
  readonly pointer: CatalogPointer;
  readonly result: FirstResult | null;
}

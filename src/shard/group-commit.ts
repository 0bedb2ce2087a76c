import type { CatalogPointer } from "../core/catalog.ts";
import type { Operation } from "../core/operation.ts";
import type { Change } from "../core/reducer.ts";
import type { FenceKeeper } from "./fence-keeper.ts";
import { type GroupItem, itemBytes } from "./group-item.ts";
import { PlayerMoved } from "./handed-over.ts";
import type { PlayerOperation } from "./journal-group.ts";
import { GROUP_BYTES_MAX } from "./limits.ts";
import type { ShardMemory } from "./memory.ts";
import type { ShardPorts } from "./ports.ts";
import { playerName, playerTag, type Resident } from "./resident.ts";
import type { FirstResult, TaggedId } from "./seen-table.ts";
import { writeOrAbort } from "./write-or-abort.ts";

/** Decides, applies and journals the items of one group, in one synchronous turn. */
export class GroupCommit {
  readonly #memory: ShardMemory;
  readonly #fence: FenceKeeper;
  readonly #ports: ShardPorts;

  constructor(memory: ShardMemory, fence: FenceKeeper, ports: ShardPorts) {
    this.#memory = memory;
    this.#fence = fence;
    this.#ports = ports;
  }

  /**
   * Answers how many operations were journaled: an item that is refused, or at which the rules throw, is left out.
   *
   * What turns out larger than a row holds becomes several. When a write fails, memory is ahead of the journal: aborts this
   * instance, and throws.
   */
  write(items: readonly GroupItem[]): number {
    const at = this.#memory.arrival(this.#ports.clock.now());
    let group = new DecidedGroup();
    let written = 0;
    for (const item of items) {
      const position = this.#memory.journal.last + 1 + group.accepted.length;
      const taken = this.#take(item, position, at);
      const refusal = taken === null ? (item.refusal?.() ?? null) : null;
      const bytes =
        item.bytes + (taken === null ? textBytes(refusal) : listedBytes(taken.operation));
      if (group.bytes + bytes > GROUP_BYTES_MAX) {
        this.#store(group, at);
        group = new DecidedGroup();
      }
      if (taken === null) {
        if (refusal !== null) group.refuse(item, refusal, bytes);
        continue;
      }
      group.add(item, taken, bytes);
      written++;
    }
    this.#store(group, at);
    return written;
  }

  #store({ operations, catalogs, accepted, ids, results }: DecidedGroup, at: number): void {
    if (ids.length === 0) return;
    const { journal, dedup, openGrants, grantDoubts, erasedPlayers } = this.#memory;
    writeOrAbort(this.#ports, "The journal", () => {
      const facts = { at, epoch: this.#fence.epoch, catalogs };
      const first = operations.length > 0 ? journal.append(operations, facts) : null;
      const place = first === null ? null : { first, operations: operations.length };
      // Before the ids: a grant that is settled here settles the claims before it, not one that this same group starts anew.
      let position = first ?? 0;
      for (const item of accepted) item.written?.(position++);
      dedup.add(ids, results, this.#ports.realClock.now(), place);
      for (const { player, operation } of operations) {
        openGrants.store(player, operation);
        grantDoubts.note(player, operation, this.#ports.realClock.now());
        erasedPlayers.note(player, operation);
      }
    });
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
      this.#memory.openGrants.apply(item.player, operation, this.#ports.realClock.now());
      return { operation, pointer, result: null };
    }
    residents.commit(resident, change, position);
    this.#memory.openGrants.apply(item.player, operation, this.#ports.realClock.now());
    return { operation, pointer, result: item.applied?.(resident, change) ?? null };
  }

  #prepare(item: GroupItem, resident: Resident | undefined, at: number): Prepared | null {
    try {
      const movedTo = this.#memory.moved.layoutOf(playerName(item.player));
      if (movedTo !== null) throw new PlayerMoved(movedTo);
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

/** What is stored of a group's items. */
class DecidedGroup {
  readonly operations: PlayerOperation[] = [];
  readonly accepted: GroupItem[] = [];
  readonly #refused: GroupItem[] = [];
  readonly results = new Map<string, FirstResult>();
  readonly catalogs: Record<string, CatalogPointer> = {};
  bytes = 0;

  /** Of the accepted items, in order, and then of the refused ones that are remembered. */
  get ids(): TaggedId[] {
    return [...this.accepted, ...this.#refused].map(({ id, player }) => ({
      id,
      tag: playerTag(player),
    }));
  }

  add(item: GroupItem, { operation, pointer, result }: Taken, bytes: number): void {
    this.bytes += bytes;
    this.operations.push({ player: item.player, operation });
    this.accepted.push(item);
    this.catalogs[item.player.namespace] = pointer;
    if (result !== null) this.results.set(item.id, result);
  }

  /** Nothing is journaled for a refused command, but a repeat of it is answered as it was. */
  refuse(item: GroupItem, refusal: FirstResult, bytes: number): void {
    this.bytes += bytes;
    this.#refused.push(item);
    this.results.set(item.id, refusal);
  }
}

function textBytes(refusal: FirstResult | null): number {
  return refusal === null ? 0 : itemBytes(0, JSON.stringify(refusal));
}

/** How many goals a selection or a reset names is not known before it is decided. */
function listedBytes(operation: Operation): number {
  if (operation.kind === "reset") return itemBytes(0, ...operation.goalIds);
  if (operation.kind !== "select") return 0;
  return itemBytes(0, ...operation.goalIds, ...operation.replaced);
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

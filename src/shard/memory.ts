import type { Catalog } from "../core/catalog.ts";
import type { PlayerKey } from "../core/player.ts";
import type { Fence, StoredRow } from "../core/shard-store.ts";
import { ArrivedPlayers } from "./arrived-players.ts";
import { CatalogShelf } from "./catalog-shelf.ts";
import { Dedup } from "./dedup.ts";
import { ErasedPlayers } from "./erased-players.ts";
import type { JournalEntry } from "./journal-group.ts";
import { Journal } from "./journal.ts";
import { RESIDENT_BYTES_MAX } from "./limits.ts";
import { MovedPlayers } from "./moved-players.ts";
import { OpenGrants } from "./open-grants.ts";
import { Parked } from "./parked.ts";
import type { ShardPorts } from "./ports.ts";
import { playerName, Resident } from "./resident.ts";
import { Residents } from "./residents.ts";

/**
 * What a shard knows: journal, ids, catalogs, players. Rebuilt from the object's SQLite when an instance starts.
 *
 * All of it changes in synchronous turns only, together with SQLite: nobody ever sees a state that is not in the journal.
 */
export class ShardMemory {
  readonly journal: Journal;
  readonly dedup: Dedup;
  readonly shelf: CatalogShelf;
  readonly residents: Residents;
  readonly parked = new Parked();
  readonly openGrants: OpenGrants;
  readonly erasedPlayers: ErasedPlayers;
  readonly moved: MovedPlayers;
  readonly arrived: ArrivedPlayers;
  readonly #shard: string;

  constructor(ports: ShardPorts) {
    this.#shard = ports.shard;
    this.journal = new Journal(ports.sql, ports.positionFloor);
    this.dedup = new Dedup(ports.sql, ports.settings.dedup);
    this.openGrants = new OpenGrants(ports.sql, ports.realClock.now());
    this.erasedPlayers = new ErasedPlayers(ports.sql, ports.digest);
    this.moved = new MovedPlayers(ports.sql);
    this.arrived = new ArrivedPlayers(ports.sql);
    this.shelf = new CatalogShelf(ports.sql, ports.catalogs);
    this.residents = new Residents(ports.settings.limits?.residentBytesMax ?? RESIDENT_BYTES_MAX);
    this.#park(ports.positionFloor);
  }

  /** The instant of arrival for a new group: never earlier than that of the group before. */
  arrival(now: number): number {
    return Math.max(this.journal.lastAt, now);
  }

  /**
   * Sorts the journal out once the fence is known: what carries an epoch and is contained is done, what was accepted
   * without an epoch gets one, and positions above all that Postgres has seen.
   */
  adopt(fence: Fence): void {
    this.journal.adopt(fence.epoch, Math.max(fence.high, fence.upto));
    this.journal.trim(fence.upto);
    this.parked.clear();
    this.#park(fence.upto);
  }

  /**
   * Puts a loaded player into memory and applies what waited for it: each operation with its journaled instant and
   * catalog. Operations that the rows contain already, or a letter, are skipped; `mark`: up to where letters do.
   *
   * An operation at which the rules throw goes into a letter, and the player goes on without it. Throws when the journal
   * or a catalog that it names cannot be read: no fault of the operation's, the player then stays parked.
   */
  install(player: PlayerKey, rows: readonly StoredRow[], mark = 0): Resident {
    const name = playerName(player);
    const resident = new Resident(player);
    for (const row of rows) resident.install(row, this.#shard);
    if (mark > 0) resident.installMark(mark);
    const contained = resident.applied;
    for (const entry of this.journal.read(this.parked.positionsOf(name))) {
      if (entry.position <= contained) continue;
      replay(resident, entry, this.shelf.byVersion(entry.catalog.version));
    }
    this.parked.remove(name);
    this.residents.add(resident);
    return resident;
  }

  /**
   * Postgres contains the player's operations up to `applied`, but not in its rows: memory knows better, and must not. What
   * arrived since waits until the player is loaded again.
   */
  letGo(name: string, applied: number): void {
    const resident = this.residents.remove(name);
    if (resident === undefined) return;
    for (const position of resident.pendingAfter(applied)) {
      this.parked.add(resident.player, position);
    }
  }

  /** What the journal holds above a position waits for its player; but for those whom another shard has by now, with all of it. */
  #park(upto: number): void {
    const isVoid = new Map<string, boolean>();
    for (const { player, position } of this.journal.entries()) {
      if (position <= upto) continue;
      const name = playerName(player);
      const known = isVoid.get(name) ?? this.moved.isVoid(name);
      isVoid.set(name, known);
      if (!known) this.parked.add(player, position);
    }
  }
}

/** Applies an operation as it was journaled, or puts it into a letter when the rules throw at it. */
function replay(resident: Resident, entry: JournalEntry, catalog: Catalog): void {
  const { position, at, operation } = entry;
  try {
    resident.commit(resident.prepare(operation, { catalog, at }), position);
  } catch (error) {
    resident.setAside({ position, at, catalog: entry.catalog, operation }, error);
  }
}

import type { Fence } from "../core/shard-store.ts";
import { ArrivedPlayers } from "./arrived-players.ts";
import { buildResidents, type StoredPlayer } from "./build-residents.ts";
import { CatalogShelf } from "./catalog-shelf.ts";
import { Dedup } from "./dedup.ts";
import { ErasedPlayers } from "./erased-players.ts";
import { GrantDoubts } from "./grant-doubts.ts";
import { Journal } from "./journal.ts";
import { RESIDENT_BYTES_MAX } from "./limits.ts";
import { LostIds } from "./lost-ids.ts";
import { MovedPlayers } from "./moved-players.ts";
import { OpenGrants } from "./open-grants.ts";
import { Parked } from "./parked.ts";
import type { ShardPorts } from "./ports.ts";
import { playerName, type Resident } from "./resident.ts";
import { Residents } from "./residents.ts";
import { RetriedOperations } from "./retried-operations.ts";

/**
 * What a shard knows: journal, ids, catalogs, players. Rebuilt from the object's SQLite when an instance starts.
 *
 * All of it changes in synchronous turns only, together with SQLite: nobody ever sees a state that is not in the journal.
 */
export class ShardMemory {
  readonly journal: Journal;
  readonly dedup: Dedup;
  readonly lostIds: LostIds;
  readonly shelf: CatalogShelf;
  readonly residents: Residents;
  readonly parked = new Parked();
  readonly openGrants: OpenGrants;
  readonly grantDoubts: GrantDoubts;
  readonly erasedPlayers: ErasedPlayers;
  readonly retried: RetriedOperations;
  readonly moved: MovedPlayers;
  readonly arrived: ArrivedPlayers;
  readonly #shard: string;

  constructor(ports: ShardPorts) {
    this.#shard = ports.shard;
    this.journal = new Journal(ports.sql, ports.positionFloor);
    this.dedup = new Dedup(ports.sql, ports.settings.dedup);
    this.lostIds = new LostIds(ports.sql);
    this.openGrants = new OpenGrants(ports.sql, ports.realClock.now());
    this.grantDoubts = new GrantDoubts(ports.sql);
    this.retried = new RetriedOperations(ports.sql);
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
    const moves = this.journal.adopt(fence.epoch, Math.max(fence.high, fence.upto));
    this.lostIds.moved(moves);
    this.journal.trim(fence.upto);
    this.parked.clear();
    this.#park(fence.upto);
  }

  /**
   * Puts loaded players into memory and applies what waited for them. Operations that the rows contain already, or a letter,
   * are skipped; one at which the rules throw goes into a letter, and its player goes on without it.
   *
   * Answers each by name; an Error stands for one whose operations cannot be read, who stays parked.
   */
  installAll(stored: readonly StoredPlayer[]): ReadonlyMap<string, Resident | Error> {
    const built = buildResidents(this, this.#shard, stored);
    for (const [name, resident] of built) {
      if (resident instanceof Error) continue;
      this.parked.remove(name);
      this.residents.add(resident);
    }
    return built;
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

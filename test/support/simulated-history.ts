import type { Catalog } from "../../src/core/catalog.ts";
import type { Operation } from "../../src/core/operation.ts";
import type { GoalRow, GrantLine } from "../../src/core/player.ts";
import { apply, type PlayerState } from "../../src/core/reducer.ts";
import { decodeIds } from "../../src/shard/id-bytes.ts";
import { decodeGroup, type JournalEntry } from "../../src/shard/journal-group.ts";
import { playerName } from "../../src/shard/resident.ts";
import type { SqlValue } from "../../src/shard/sql.ts";

/** An operation that became durable, with the id under which it was taken. */
export interface DurableOperation {
  readonly id: string;
  readonly operation: Operation;
}

/** A player's history and, for each of its prefixes, what the rules make of it. */
interface PlayerHistory {
  readonly operations: DurableOperation[];
  /** One more than operations: the first is the state before all of them. */
  readonly states: PlayerState[];
  readonly grants: Map<string, GrantLine>;
  /** True once the player was erased. */
  isErased: boolean;
}

/**
 * What a shard made durable, written down from its storage as it happens: the truth that everything else is held against.
 *
 * Groups are seen when they are journaled; what becomes of the journal later does not matter here.
 */
export class SimulatedHistory {
  readonly #catalogs = new Map<string, Catalog>();
  readonly #players = new Map<string, PlayerHistory>();
  #group: readonly JournalEntry[] = [];
  /** Groups that were moved to other positions when their instance claimed the fence. */
  renumbered = 0;
  /** How often an operation arrived earlier than the one before it. */
  turnedBack = 0;
  #lastAt = 0;
  readonly #openClaims = new Set<string>();

  constructor(catalogs: readonly Catalog[]) {
    for (const catalog of catalogs) this.#catalogs.set(catalog.version, catalog);
  }

  /** To be told of every durable write. */
  watch(query: string, values: readonly SqlValue[]): void {
    if (query.startsWith("INSERT INTO journal (")) this.#group = entriesOf(values);
    if (query.startsWith("INSERT INTO seen ")) this.#take(values[2]);
    if (query.startsWith("UPDATE journal SET first")) this.renumbered++;
  }

  of(name: string): PlayerHistory {
    const known = this.#players.get(name);
    if (known !== undefined) return known;
    const fresh: PlayerHistory = {
      operations: [],
      states: [{ rows: new Map(), rolled: null }],
      grants: new Map(),
      isErased: false,
    };
    this.#players.set(name, fresh);
    return fresh;
  }

  get names(): Iterable<string> {
    return this.#players.keys();
  }

  /** True while a grant is asked for, whether or not its player was erased meanwhile. */
  get hasOpenClaim(): boolean {
    return this.#openClaims.size > 0;
  }

  #take(ids: SqlValue | undefined): void {
    if (!(ids instanceof ArrayBuffer)) throw new TypeError("The shard wrote no ids.");
    const known = decodeIds(ids);
    if (known.length < this.#group.length) {
      throw new Error("An operation was written without its id.");
    }
    for (const [index, entry] of this.#group.entries()) this.#apply(known[index] ?? "", entry);
    // Ids after those of the operations belong to refused commands; a row without a group has no others.
    this.#group = [];
  }

  #apply(id: string, { player, operation, at, catalog: { version } }: JournalEntry): void {
    if (at < this.#lastAt) this.turnedBack++;
    this.#lastAt = at;
    const catalog = this.#catalogs.get(version);
    const history = this.of(playerName(player));
    const state = history.states.at(-1);
    if (catalog === undefined || state === undefined) throw new Error(`No catalog ${version}.`);
    this.#noteClaim(operation);
    const change = apply(state, operation, { catalog, at });
    for (const line of change.grants) {
      // What was granted stays granted, also when it is claimed again after an erasure.
      const isPaid = history.grants.get(line.grantId)?.state === "granted";
      if (!isPaid) history.grants.set(line.grantId, line);
    }
    const rows = new Map(change.isErased ? [] : state.rows);
    for (const row of change.rows) rows.set(row.goalId, row);
    history.operations.push({ id, operation });
    history.states.push({ rows, rolled: change.rolled });
    history.isErased ||= change.isErased;
  }

  #noteClaim(operation: Operation): void {
    if (!("claim" in operation) || operation.kind === "claim-tried") return;
    const { grantId } = operation.claim;
    const isAsked = operation.kind === "claim-started" || operation.kind === "claim-retried";
    if (isAsked) this.#openClaims.add(grantId);
    else this.#openClaims.delete(grantId);
  }
}

/** Rows in an order that makes them comparable. */
export function sorted(rows: Iterable<GoalRow>): GoalRow[] {
  return [...rows].toSorted((a, b) => (a.goalId < b.goalId ? -1 : 1));
}

function entriesOf(values: readonly SqlValue[]): JournalEntry[] {
  const [first = null, , at = null, epoch = null, catalogs = null, body = null] = values;
  return [...decodeGroup({ first, at, epoch, catalogs, body })];
}

import type { Catalog } from "../../src/core/catalog.ts";
import type { Operation } from "../../src/core/operation.ts";
import type { GoalRow, GrantLine, PlayerKey } from "../../src/core/player.ts";
import { apply, type ApplyContext, type Change, type PlayerState } from "../../src/core/reducer.ts";
import { decodeIds } from "../../src/shard/id-bytes.ts";
import { decodeGroup, type JournalEntry } from "../../src/shard/journal-group.ts";
import { playerName } from "../../src/shard/resident.ts";
import type { SqlValue } from "../../src/shard/sql.ts";

/** An operation that became durable, with the id under which it was taken, and what it was applied with. */
export interface DurableOperation {
  readonly id: string;
  readonly operation: Operation;
  readonly context: ApplyContext;
  /** Changes when the instance that claims the fence moves its group. */
  position: number;
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
  /** The operations of each group, by the position of its first. */
  readonly #groups = new Map<SqlValue, DurableOperation[]>();
  readonly #claimSteps: Record<string, number> = {};
  /** The grant ids under which each completion of a goal was claimed. */
  readonly grantIdsByCompletion = new Map<string, Set<string>>();

  constructor(catalogs: readonly Catalog[]) {
    for (const catalog of catalogs) this.#catalogs.set(catalog.version, catalog);
  }

  /** To be told of every durable write. */
  watch(query: string, values: readonly SqlValue[]): void {
    if (query.startsWith("INSERT INTO journal (")) this.#group = entriesOf(values);
    if (query.startsWith("INSERT INTO seen ")) this.#take(values[2]);
    if (query.startsWith("UPDATE journal SET first")) this.#renumber(values);
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
    const operations = this.#group.map((entry, index) => this.#apply(known[index] ?? "", entry));
    const [first] = this.#group;
    if (first !== undefined) this.#groups.set(first.position, operations);
    // Ids after those of the operations belong to refused commands; a row without a group has no others.
    this.#group = [];
  }

  #renumber([to = null, from = null]: readonly SqlValue[]): void {
    this.renumbered++;
    const operations = this.#groups.get(from) ?? [];
    this.#groups.delete(from);
    this.#groups.set(to, operations);
    for (const [index, each] of operations.entries()) each.position = Number(to) + index;
  }

  #apply(
    id: string,
    { player, position, operation, at, catalog: { version } }: JournalEntry,
  ): DurableOperation {
    if (at < this.#lastAt) this.turnedBack++;
    this.#lastAt = at;
    const catalog = this.#catalogs.get(version);
    const history = this.of(playerName(player));
    const state = history.states.at(-1);
    if (catalog === undefined || state === undefined) throw new Error(`No catalog ${version}.`);
    this.#noteClaim(player, operation);
    const context = { catalog, at };
    const change = apply(state, operation, context);
    for (const line of change.grants) {
      // What was granted stays granted, also when it is claimed again after an erasure.
      const isPaid = history.grants.get(line.grantId)?.state === "granted";
      if (!isPaid) history.grants.set(line.grantId, line);
    }
    const durable = { id, operation, context, position };
    history.operations.push(durable);
    history.states.push(after(state, change));
    history.isErased ||= change.isErased;
    return durable;
  }

  /** How often each step of a claim was journaled. */
  get claimSteps(): Readonly<Record<string, number>> {
    return this.#claimSteps;
  }

  #noteClaim(player: PlayerKey, operation: Operation): void {
    if (!("claim" in operation)) return;
    const { kind, goalId, claim } = operation;
    const { grantId, completedAt, round } = claim;
    const ledger = this.of(playerName(player)).grants.get(grantId)?.state ?? "new";
    const step = kind === "claim-granted" ? `${kind} after ${ledger}` : kind;
    this.#claimSteps[step] = (this.#claimSteps[step] ?? 0) + 1;
    if (kind === "claim-tried") return;
    const completion = JSON.stringify([playerName(player), goalId, completedAt, round]);
    const grantIds = this.grantIdsByCompletion.get(completion) ?? new Set();
    this.grantIdsByCompletion.set(completion, grantIds.add(grantId));
    const isAsked = operation.kind === "claim-started" || operation.kind === "claim-retried";
    if (isAsked) this.#openClaims.add(grantId);
    else this.#openClaims.delete(grantId);
  }
}

/** What the rules make of these operations, one after the other. */
export function fold(operations: readonly DurableOperation[]): PlayerState {
  let state: PlayerState = { rows: new Map(), rolled: null };
  for (const { operation, context } of operations) {
    state = after(state, apply(state, operation, context));
  }
  return state;
}

function after(state: PlayerState, change: Change): PlayerState {
  const rows = new Map(change.isErased ? [] : state.rows);
  for (const row of change.rows) rows.set(row.goalId, row);
  return { rows, rolled: change.rolled };
}

/** Rows in an order that makes them comparable. */
export function sorted(rows: Iterable<GoalRow>): GoalRow[] {
  return [...rows].toSorted((a, b) => (a.goalId < b.goalId ? -1 : 1));
}

function entriesOf(values: readonly SqlValue[]): JournalEntry[] {
  const [first = null, , at = null, epoch = null, catalogs = null, body = null] = values;
  return [...decodeGroup({ first, at, epoch, catalogs, body })];
}

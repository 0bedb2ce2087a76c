import type { LetterOperation } from "../core/dead-letter.ts";
import { fnv1a } from "../core/fnv1a.ts";
import type { Operation } from "../core/operation.ts";
import type { GoalRow, PlayerKey, PlayerView } from "../core/player.ts";
import { apply, type ApplyContext, type Change, type PlayerState } from "../core/reducer.ts";
import type { RollMark } from "../core/roll.ts";
import type { PlayerSnapshot, StoredRow } from "../core/shard-store.ts";
import { PlayerLetters } from "./player-letters.ts";
import { PlayerLines } from "./player-lines.ts";

/** Estimates for the memory bound: measured heap of a row with its strings, and of a player around its rows. */
const ROW_BYTES = 600;
const PLAYER_BYTES = 400;

/** A player's name within the shard. A JSON array: ids may contain any separator. */
export function playerName(player: PlayerKey): string {
  return JSON.stringify([player.namespace, player.userId]);
}

/** 32 bits of a player's name: enough to find what is probably the player's. */
export function playerTag(player: PlayerKey): number {
  return fnv1a(playerName(player));
}

/**
 * A player in memory: rows with every operation of the journal applied, and what of that Postgres lacks.
 */
export class Resident implements PlayerState {
  readonly player: PlayerKey;
  readonly name: string;
  readonly #rows = new Map<string, GoalRow>();
  #rolled: RollMark | null = null;
  /** Positions of operations that Postgres does not contain, ascending. */
  #pending: number[] = [];
  /** Position of the last operation, and of the last one that changed a row. */
  #applied = 0;
  #changedAt = 0;
  /** Rows that Postgres lacks, with the position that changed them last; then ledger lines and letters that it lacks. */
  readonly #changedRows = new Map<string, number>();
  readonly #lines = new PlayerLines();
  readonly letters = new PlayerLetters();
  /** Position of an erasure that Postgres does not know of; null when there is none. */
  #erasedAt: number | null = null;
  /** Calls that rely on the player staying in memory. */
  pins = 0;

  constructor(player: PlayerKey) {
    this.player = player;
    this.name = playerName(player);
  }

  get rows(): ReadonlyMap<string, GoalRow> {
    return this.#rows;
  }

  get rolled(): RollMark | null {
    return this.#rolled;
  }

  /** Position of the first operation that Postgres does not contain; null when it has them all. */
  get dirtySince(): number | null {
    return this.#pending[0] ?? null;
  }

  /** How many operations Postgres does not contain. */
  get unstoredOperations(): number {
    return this.#pending.length;
  }

  get bytes(): number {
    return PLAYER_BYTES + this.#rows.size * ROW_BYTES;
  }

  get unstoredRows(): number {
    return this.#changedRows.size;
  }

  get view(): PlayerView {
    const view = { rows: [...this.#rows.values()], position: this.#changedAt };
    const isErased = this.#erasedAt !== null;
    const lines = this.#lines.all;
    if (lines.length === 0 && !isErased) return view;
    return { ...view, ahead: { lines, isErased } };
  }

  /** True while a reward is asked for; one that is parked is not. */
  get awaitsGrant(): boolean {
    for (const { openClaim } of this.#rows.values()) {
      if (openClaim !== null && openClaim.isParked !== true) return true;
    }
    return false;
  }

  /** Takes a row as Postgres holds it. `ownShard` tells which rows carry positions of this shard's journal. */
  install(stored: StoredRow, ownShard: string): void {
    this.#rows.set(stored.row.goalId, stored.row);
    this.#changedAt = Math.max(this.#changedAt, stored.applied);
    if (stored.shard === ownShard) this.#applied = Math.max(this.#applied, stored.applied);
  }

  /** Postgres has letters: the operations up to `applied` are in them, or in the rows. */
  installMark(applied: number): void {
    this.letters.noteStored();
    this.#applied = Math.max(this.#applied, applied);
  }

  /** Up to which position of this shard the player's operations are in its rows, or in letters. */
  get applied(): number {
    return this.#applied;
  }

  /** What the operation would change; pure, see `commit`. */
  prepare(operation: Operation, context: ApplyContext): Change {
    return apply(this, operation, context);
  }

  /** Takes a change over, under its operation's position. */
  commit(change: Change, position: number): void {
    if (change.isErased) this.#erase(position);
    for (const row of change.rows) {
      this.#rows.set(row.goalId, row);
      this.#changedRows.set(row.goalId, position);
    }
    for (const line of change.grants) this.#lines.put(line, position);
    if (change.rows.length > 0 || change.isErased) this.#changedAt = position;
    this.#rolled = change.rolled;
    this.#applied = position;
    this.#pending.push(position);
  }

  /** Puts an operation that cannot be applied into a letter; the player goes on without it. */
  setAside(operation: LetterOperation, error: unknown): void {
    this.letters.add(operation, error);
    this.#applied = operation.position;
    this.#pending.push(operation.position);
  }

  /** Positions above `applied`, ascending, of operations that Postgres does not contain. */
  pendingAfter(applied: number): readonly number[] {
    return this.#pending.filter((position) => position > applied);
  }

  /** The pending positions whose operations still count: no letter holds them, and no erasure made them void. */
  get pendingInRows(): readonly number[] {
    const counting = this.pendingAfter(this.#erasedAt ?? 0);
    return counting.filter((position) => !this.letters.holds(position));
  }

  /** Whether a line that Postgres lacks says that this grant was paid. */
  isGranted(grantId: string): boolean {
    return this.#lines.isGranted(grantId);
  }

  /** All that Postgres lacks of this player, as it stands now. */
  snapshot(): PlayerSnapshot {
    const rows: GoalRow[] = [];
    for (const goalId of this.#changedRows.keys()) {
      const row = this.#rows.get(goalId);
      if (row !== undefined) rows.push(row);
    }
    const grants = this.#lines.all;
    const isErased = this.#erasedAt !== null;
    const letters = this.letters.draftsUpTo(this.#applied);
    return { player: this.player, applied: this.#applied, isErased, rows, grants, letters };
  }

  /** Nothing of the player stays but the ledger, and that without a name as soon as a grant is settled. */
  #erase(position: number): void {
    this.#rows.clear();
    this.#changedRows.clear();
    this.letters.erase();
    this.#erasedAt = position;
    this.#lines.erase(position);
  }

  /** Postgres contains every operation up to `applied`; what came later stays dirty. */
  stored(applied: number): void {
    if (this.#erasedAt !== null && this.#erasedAt <= applied) this.#erasedAt = null;
    this.#pending = this.#pending.filter((position) => position > applied);
    this.letters.stored(applied);
    for (const [goalId, position] of this.#changedRows) {
      if (position <= applied) this.#changedRows.delete(goalId);
    }
    this.#lines.stored(applied);
  }
}

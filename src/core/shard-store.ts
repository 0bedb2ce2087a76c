import type { LetterDraft, LetterMark } from "./dead-letter.ts";
import type { GoalRow, GrantLine, PlayerKey } from "./player.ts";

/** The fence of a shard in Postgres: who may write, and how much of the journal is contained. */
export interface Fence {
  readonly owner: string;
  readonly epoch: number;
  readonly flush: number;
  readonly upto: number;
  readonly high: number;
}

/** A row as Postgres holds it, with its player and its writer's marks. */
export interface StoredRow {
  readonly player: PlayerKey;
  readonly row: GoalRow;
  readonly shard: string;
  /** Up to which position of `shard` the player's operations are in its rows. */
  readonly applied: number;
}

/** One player's part of a flush. */
export interface PlayerSnapshot {
  readonly player: PlayerKey;
  /** Position of the last operation that these rows, or the letters, contain. */
  readonly applied: number;
  /** The player's earlier rows are to go; `rows` are all that stays. */
  readonly isErased: boolean;
  readonly rows: readonly GoalRow[];
  readonly grants: readonly GrantLine[];
  /** Operations that cannot be among the rows' for what they hold. */
  readonly letters: readonly LetterDraft[];
}

/** One flush attempt: it commits only if the fence still stands at `previous` in this epoch. */
export interface FlushAttempt {
  readonly shard: string;
  readonly epoch: number;
  /** This attempt's own number, and the one that it follows. */
  readonly flush: number;
  readonly previous: number;
  readonly upto: number;
  readonly high: number;
  readonly players: readonly PlayerSnapshot[];
}

/** What Postgres holds of some players, all of one instant. */
export interface LoadedPlayers {
  /** The fence's epoch; null: no fence. */
  readonly epoch: number | null;
  readonly rows: readonly StoredRow[];
  /** Of the players that have dead letters. */
  readonly marks: readonly LetterMark[];
}

/**
 * Postgres as a shard sees it. Each call is one statement with a time limit.
 *
 * Every method may throw a StoreError.
 */
export interface ShardStore {
  readFence(shard: string): Promise<Fence | null>;
  /** Makes the fence of a shard, in epoch 1 unless another is given, with all marks at `floor`, `high` not below what is given; null when it exists already. */
  createFence(
    shard: string,
    owner: string,
    floor: number,
    epoch?: number,
    high?: number,
  ): Promise<Fence | null>;
  /** Takes the shard over by compare-and-set on the epoch, from `found` to the next or to the one given; null when another instance was quicker. */
  claimFence(shard: string, owner: string, found: number, epoch?: number): Promise<Fence | null>;
  /** The highest position that rows or letters of this shard contain; 0 without any. Reads the whole table: for repairs. */
  highestApplied(shard: string): Promise<number>;
  load(shard: string, players: readonly PlayerKey[]): Promise<LoadedPlayers>;
  /** True when the fence moved and the rows are written; false when the fence stood elsewhere and nothing was. */
  flush(attempt: FlushAttempt): Promise<boolean>;
  /** Whether the ledger says that this grant was paid. */
  isGranted(grantId: string): Promise<boolean>;
  /** The players of this shard whose ledger has a pending grant. */
  playersWithPendingGrants(shard: string): Promise<readonly PlayerKey[]>;
}

/**
 * A statement that did not answer well.
 *
 * Only `isDefinite` means that it did not commit; everything else (lost connection, timeout, a 400 without SQLSTATE) may
 * have committed: ask the fence. `isDataFault`: it is definite, and what the statement holds is the reason, so that the
 * same would be refused again.
 */
export class StoreError extends Error {
  readonly isDefinite: boolean;
  readonly isDataFault: boolean;

  constructor(
    message: string,
    isDefinite: boolean,
    { isDataFault = false, ...options }: ErrorOptions & { readonly isDataFault?: boolean } = {},
  ) {
    super(message, options);
    this.name = "StoreError";
    this.isDefinite = isDefinite;
    this.isDataFault = isDefinite && isDataFault;
  }
}

import type { CatalogPointer } from "./catalog.ts";
import type { Operation } from "./operation.ts";
import type { GoalRow, PlayerKey } from "./player.ts";

/** A journaled operation as a letter keeps it. `at`: arrival, epoch milliseconds. */
export interface LetterOperation {
  readonly position: number;
  readonly at: number;
  readonly catalog: CatalogPointer;
  readonly operation: Operation;
}

/** What a letter holds: operations in the order of their positions, and the rows that could not be written. */
export interface LetterPayload {
  readonly operations: readonly LetterOperation[];
  readonly rows: readonly GoalRow[];
}

/** A letter that is to be written with a flush; its `applied` mark is that of the player's snapshot. */
export interface LetterDraft extends LetterPayload {
  /** What Postgres, or the rules, said. Printable, and short enough to be stored. */
  readonly error: string;
}

/**
 * A player has letters. Its operations up to position `applied` of the shard that asks are in them, or in its rows; 0: all
 * letters are other shards'.
 */
export interface LetterMark {
  readonly player: PlayerKey;
  readonly applied: number;
}

/** Characters kept of why a letter was written: it is stored and shown. */
const ERROR_LENGTH_MAX = 500;

/** An error's text as it can be stored: without control characters and broken surrogates, and cut. */
export function letterError(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text
    .replace(/\p{Cc}+/gu, " ")
    .slice(0, ERROR_LENGTH_MAX)
    .toWellFormed();
}

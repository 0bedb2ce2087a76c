import type { LetterOperation } from "./dead-letter.ts";
import type { PlayerKey } from "./player.ts";

/** A dead letter as an operator sees it. Times in epoch milliseconds. */
export interface DeadLetter {
  readonly id: number;
  /** Who wrote it; the player may be another shard's by now. */
  readonly shard: string;
  /** An empty user id: the player was erased. */
  readonly player: PlayerKey;
  readonly state: "open" | "retried" | "discarded";
  readonly error: string;
  readonly createdAt: number;
  readonly settledAt: number | null;
  /** None once the letter was settled, or its player erased. */
  readonly operations: readonly LetterOperation[];
}

/** The dead letters of all namespaces. Every method throws FailureError DATABASE_UNAVAILABLE when Postgres does not answer. */
export interface DeadLetters {
  /** At most `count`, in order of their ids, those above `after`. `state`: null for all. */
  list(page: {
    readonly state: DeadLetter["state"] | null;
    readonly after: number;
    readonly count: number;
  }): Promise<DeadLetter[]>;
  find(id: number): Promise<DeadLetter | null>;
  /** False when the letter is not open any more. A letter that is settled loses its content. */
  settle(id: number, state: "retried" | "discarded"): Promise<boolean>;
}

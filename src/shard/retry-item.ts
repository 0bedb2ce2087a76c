import type { LetterOperation } from "../core/dead-letter.ts";
import type { Operation } from "../core/operation.ts";
import type { PlayerKey } from "../core/player.ts";
import { type RetriedOperation, retryOf } from "../core/retry-operation.ts";
import { type GroupItem, itemBytes } from "./group-item.ts";
import type { Resident } from "./resident.ts";
import type { RetriedOperations } from "./retried-operations.ts";

/** What an operation takes in the journal beside its own text. */
const RETRY_BYTES = 100;

/** An operation of a dead letter on its way into the journal, as a new operation of the player as it stands now. */
export class RetryItem implements GroupItem {
  readonly id: string;
  readonly player: PlayerKey;
  readonly bytes: number;
  readonly #of: LetterOperation;
  readonly #letter: readonly LetterOperation[];
  readonly #retried: RetriedOperations;
  #outcome: Omit<RetriedOperation, "position"> = { status: "taken", detail: null };

  constructor(
    id: string,
    player: PlayerKey,
    letter: readonly LetterOperation[],
    of: LetterOperation,
    retried: RetriedOperations,
  ) {
    this.id = id;
    this.player = player;
    this.#letter = letter;
    this.#of = of;
    this.#retried = retried;
    const { namespace, userId } = player;
    this.bytes = itemBytes(RETRY_BYTES, namespace, userId, JSON.stringify(of.operation));
  }

  /** What became of it, once its group is written. */
  get outcome(): RetriedOperation {
    return { position: this.#of.position, ...this.#outcome };
  }

  decide(resident: Resident | undefined): Operation | null {
    if (resident === undefined) throw new Error("The player left memory; retry the letter again.");
    const retry = retryOf(this.#of, this.#letter, resident.rows);
    if ("operation" in retry) return retry.operation;
    this.#outcome = retry;
    return null;
  }

  written(position: number): void {
    const { id, player } = this;
    this.#retried.note({ id, player, position, letterPosition: this.#of.position });
  }

  failed(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.#outcome = { status: "refused", detail: `It cannot be applied: ${reason}` };
  }
}

import type { Failure } from "../core/errors.ts";
import type { GroupWriter } from "./group-writer.ts";
import {
  CALLS_IN_FLIGHT_MAX,
  DIRTY_BYTES_MAX,
  DIRTY_PLAYERS_MAX,
  JOURNAL_BYTES_MAX,
  JOURNAL_OPERATIONS_MAX,
  OVERLOAD_RETRY_SECONDS,
} from "./limits.ts";
import type { ShardMemory } from "./memory.ts";

/**
 * Lets calls in, or refuses them before anything is acknowledged that could not be kept.
 *
 * Counts the calls that are in; reads pass the backlog limits, since they add nothing to it.
 */
export class Admission {
  readonly #memory: ShardMemory;
  readonly #writer: GroupWriter;
  readonly #operationsMax: number;
  #inFlight = 0;
  #isClosed = false;
  /** Operations that the calls in flight bring; most of them are not in the journal yet. */
  #operationsInFlight = 0;

  /** `operationsMax`: operations that Postgres may lack. */
  constructor(memory: ShardMemory, writer: GroupWriter, operationsMax = JOURNAL_OPERATIONS_MAX) {
    this.#memory = memory;
    this.#writer = writer;
    this.#operationsMax = operationsMax;
  }

  /** Lets nobody in any more: the instance is ending. */
  close(): void {
    this.#isClosed = true;
  }

  /** Runs a call that brings so many operations, or answers SHARD_OVERLOADED. */
  async write<T>(
    operations: number,
    call: () => Promise<T>,
    refuse: (failure: Failure) => T,
  ): Promise<T> {
    if (this.#isClosed) return refuse(ENDING);
    const reason = this.#backlog() ?? this.#crowd();
    if (reason !== null) return refuse(overloaded(reason));
    this.#operationsInFlight += operations;
    try {
      return await this.#run(call);
    } finally {
      this.#operationsInFlight -= operations;
    }
  }

  /** Runs a call that only reads, or answers SHARD_OVERLOADED. */
  read<T>(call: () => Promise<T>, refuse: (failure: Failure) => T): Promise<T> {
    if (this.#isClosed) return Promise.resolve(refuse(ENDING));
    const reason = this.#crowd();
    return reason === null ? this.#run(call) : Promise.resolve(refuse(overloaded(reason)));
  }

  async #run<T>(call: () => Promise<T>): Promise<T> {
    this.#inFlight++;
    try {
      return await call();
    } finally {
      this.#inFlight--;
    }
  }

  #crowd(): string | null {
    return this.#inFlight >= CALLS_IN_FLIGHT_MAX ? `${this.#inFlight} calls in flight` : null;
  }

  #backlog(): string | null {
    const { journal, residents } = this.#memory;
    const operations = journal.size.operations + this.#operationsInFlight;
    if (operations >= this.#operationsMax) return `${operations} operations not in Postgres yet`;
    const bytes = journal.size.bytes + this.#writer.openBytes;
    if (bytes >= JOURNAL_BYTES_MAX) return `${bytes} bytes of journal not in Postgres yet`;
    if (residents.dirtyCount >= DIRTY_PLAYERS_MAX) {
      return `${residents.dirtyCount} players not in Postgres yet`;
    }
    if (residents.dirtyBytes >= DIRTY_BYTES_MAX) {
      return `${residents.dirtyBytes} bytes of players not in Postgres yet`;
    }
    return null;
  }
}

const ENDING: Failure = {
  code: "SHARD_UNAVAILABLE",
  detail: "The player's shard starts anew. Send the same request again.",
  retryAfterSeconds: OVERLOAD_RETRY_SECONDS,
};

function overloaded(reason: string): Failure {
  return {
    code: "SHARD_OVERLOADED",
    detail: `The player's shard takes nothing more at the moment (${reason}). Send the same request again.`,
    retryAfterSeconds: OVERLOAD_RETRY_SECONDS,
  };
}

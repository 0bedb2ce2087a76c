import { RequestCounter, type CountedRequest, type RequestCounts } from "./request-counter.ts";

/** Counts on their way from a Worker to a shard, under a number by which the shard knows a repeat. */
export interface RequestDelta {
  /** Random name of the Worker's isolate. */
  readonly isolate: string;
  /** Ascending for each shard. */
  readonly number: number;
  readonly counts: RequestCounts;
}

interface Pending {
  readonly delta: RequestDelta;
  /** When a call took it along whose end is not known, epoch milliseconds; null: no such call is under way. */
  carriedAt: number | null;
}

/**
 * An isolate hands its counts over at most this often, unless /metrics asks: an isolate that is ended loses no more, and a
 * call in a hundred carries them rather than each.
 */
export const HAND_OVER_INTERVAL_MS = 1_000;
/** A call that has not ended by then never will: the platform ends a request, and all it waits for, when its client leaves. */
export const CARRIER_LOST_MS = 30_000;

/**
 * What a Worker counted and no shard has yet. Isolates come and go unseen: a shard is where counts can be asked for.
 *
 * Counts that left for a shard are bound to it until it has answered: they are sent to it again, never to another one, so
 * that a lost answer counts nothing twice. At most one delta per shard is on its way.
 */
export class RequestTally {
  readonly #isolate: string;
  readonly #pending = new Map<string, Pending>();
  #fresh = new RequestCounter();
  #number = 0;
  #handedOverAt = -Infinity;

  constructor(isolate: string) {
    this.#isolate = isolate;
  }

  note(request: CountedRequest): void {
    this.#fresh.note(request);
  }

  noteInvalidEvents(count: number): void {
    this.#fresh.noteInvalidEvents(count);
  }

  /** What a call of this shard should carry; null: nothing. Must be followed by `ended`. */
  carriedTo(shard: string, now: number): RequestDelta | null {
    const pending = this.#pending.get(shard);
    if (pending !== undefined) return isUnderway(pending, now) ? null : carry(pending, now);
    return now < this.#handedOverAt + HAND_OVER_INTERVAL_MS ? null : this.#bind(shard, now);
  }

  /** The same for a call that wants to see them: all that is not known to have arrived. */
  carriedNow(shard: string, now: number): RequestDelta | null {
    const pending = this.#pending.get(shard);
    return pending === undefined ? this.#bind(shard, now) : carry(pending, now);
  }

  /** The call has ended; `hasArrived`: the shard answered it. */
  ended(shard: string, { number }: RequestDelta, hasArrived: boolean): void {
    const pending = this.#pending.get(shard);
    if (pending?.delta.number !== number) return;
    if (hasArrived) this.#pending.delete(shard);
    else pending.carriedAt = null;
  }

  #bind(shard: string, now: number): RequestDelta | null {
    if (this.#fresh.isEmpty) return null;
    const { counted } = this.#fresh;
    const delta = { isolate: this.#isolate, number: ++this.#number, counts: counted };
    this.#fresh = new RequestCounter();
    this.#handedOverAt = now;
    this.#pending.set(shard, { delta, carriedAt: now });
    return delta;
  }
}

function isUnderway({ carriedAt }: Pending, now: number): boolean {
  return carriedAt !== null && now < carriedAt + CARRIER_LOST_MS;
}

/** A second call may carry it at the same time: the shard counts it once. */
function carry(pending: Pending, now: number): RequestDelta {
  pending.carriedAt = now;
  return pending.delta;
}

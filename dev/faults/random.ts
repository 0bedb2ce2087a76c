/**
 * A number from 0 to below 1 that depends on the seed and the place alone.
 *
 * So what happens to the n-th call does not depend on what happened to the others. Good enough to spread faults, nothing else.
 */
export function randomAt(seed: number, ...place: readonly number[]): number {
  let hash = mix(seed);
  for (const part of place) hash = mix(hash ^ Math.imul(part + 1, 0x9e3779b1));
  return hash / 2 ** 32;
}

/** Draws one after the other; the same seed and stream give the same draws. */
export class RandomStream {
  readonly #seed: number;
  readonly #stream: number;
  #draws = 0;

  constructor(seed: number, stream: number) {
    this.#seed = seed;
    this.#stream = stream;
  }

  /** From 0 to below 1. */
  next(): number {
    return randomAt(this.#seed, this.#stream, this.#draws++);
  }

  /** A whole number from `minimum` to `maximum`, both included. */
  integer(minimum: number, maximum: number): number {
    return minimum + Math.floor(this.next() * (maximum - minimum + 1));
  }

  /** One of them; throws when there is none. */
  pick<T>(values: readonly T[]): T {
    const [value] = values.slice(this.integer(0, values.length - 1));
    if (value === undefined) throw new Error("There is nothing to pick from.");
    return value;
  }
}

/** The finalizer of MurmurHash3: every bit of the input moves about half of the output. */
function mix(value: number): number {
  let hash = value >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

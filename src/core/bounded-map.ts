/**
 * A map that forgets the entry set longest ago when it is full.
 *
 * For what can be had again: nothing is lost with an entry but the time to make it.
 */
export class BoundedMap<Key, Value> {
  readonly #entries = new Map<Key, Value>();
  readonly #sizeMax: number;

  constructor(sizeMax: number) {
    this.#sizeMax = sizeMax;
  }

  get(key: Key): Value | undefined {
    return this.#entries.get(key);
  }

  /** Sets the entry and makes it the youngest. */
  set(key: Key, value: Value): void {
    // A Map keeps the order of insertion: its first key is the oldest.
    this.#entries.delete(key);
    this.#entries.set(key, value);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#sizeMax) break;
      this.#entries.delete(oldest);
    }
  }
}

import { hexDigit } from "./id-bytes.ts";

/** Words of 32 bits in an id: 128 bits of a SHA-256. */
const ID_WORDS = 4;
const CAPACITY_MIN = 1_024;

/**
 * The newest operation ids, 16 bytes each, first in first out.
 *
 * A Set of strings would take 60 bytes and more for each of a million ids. This is a ring of ids with an open-addressing
 * index over it and a tag for each, which tells whose it is: 28 bytes per id, growing by doubling. Ids are 32 hex digits of a cryptographic hash: their words serve as
 * hash values, and two ids meet by chance only.
 */
export class IdWindow {
  #ring = new Uint32Array(CAPACITY_MIN * ID_WORDS);
  /** By place in the ring. */
  #tags = new Uint32Array(CAPACITY_MIN);
  /** Slots of the index: 0 is free, else 1 + place in the ring. */
  #index = new Int32Array(CAPACITY_MIN * 2);
  #head = 0;
  #size = 0;
  #dropped = 0;

  get size(): number {
    return this.#size;
  }

  has(id: string): boolean {
    return this.#find(wordsOf(id)) >= 0;
  }

  /** The number of the id, counted from 0 in the order in which ids were added; -1 when it is not in the window. */
  sequenceOf(id: string): number {
    const slot = this.#find(wordsOf(id));
    if (slot < 0) return -1;
    const place = (this.#index[slot] ?? 0) - 1;
    const capacity = this.#capacity();
    return this.#dropped + ((place - this.#head + capacity) % capacity);
  }

  /** The ids that were added with this tag, oldest first. Looks at every id: about a millisecond for a million. */
  idsOf(tag: number): string[] {
    const ids: string[] = [];
    const capacity = this.#capacity();
    for (let count = 0; count < this.#size; count++) {
      const place = (this.#head + count) % capacity;
      if (this.#tags[place] === tag) ids.push(this.#idAt(place));
    }
    return ids;
  }

  /** Adds an id as the newest. `tag`: 32 bits, unsigned. Returns false, and changes nothing, when it is there already. */
  add(id: string, tag: number): boolean {
    const words = wordsOf(id);
    if (this.#find(words) >= 0) return false;
    if (this.#size === this.#capacity()) this.#grow();
    const place = (this.#head + this.#size) % this.#capacity();
    this.#ring.set(words, place * ID_WORDS);
    this.#tags[place] = tag;
    this.#size++;
    this.#insert(place);
    return true;
  }

  /** Forgets the `count` oldest ids. */
  dropOldest(count: number): void {
    for (let dropped = 0; dropped < count && this.#size > 0; dropped++) {
      this.#remove(this.#head);
      this.#head = (this.#head + 1) % this.#capacity();
      this.#size--;
      this.#dropped++;
    }
  }

  #idAt(place: number): string {
    const words = this.#ring.subarray(place * ID_WORDS, (place + 1) * ID_WORDS);
    return Array.from(words, (word) => word.toString(16).padStart(8, "0")).join("");
  }

  #capacity(): number {
    return this.#ring.length / ID_WORDS;
  }

  #mask(): number {
    return this.#index.length - 1;
  }

  #find(words: Uint32Array): number {
    const mask = this.#mask();
    for (let slot = (words[0] ?? 0) & mask; ; slot = (slot + 1) & mask) {
      const place = (this.#index[slot] ?? 0) - 1;
      if (place < 0) return -1;
      if (this.#equals(place, words)) return slot;
    }
  }

  #equals(place: number, words: Uint32Array): boolean {
    const start = place * ID_WORDS;
    for (let word = 0; word < ID_WORDS; word++) {
      if (this.#ring[start + word] !== words[word]) return false;
    }
    return true;
  }

  #insert(place: number): void {
    const mask = this.#mask();
    let slot = this.#home(place);
    while (this.#index[slot] !== 0) slot = (slot + 1) & mask;
    this.#index[slot] = place + 1;
  }

  #home(place: number): number {
    return (this.#ring[place * ID_WORDS] ?? 0) & this.#mask();
  }

  /** Frees a place's slot and moves later entries of the probe run up, so that no run ever has a hole. */
  #remove(place: number): void {
    const mask = this.#mask();
    let hole = this.#home(place);
    while (this.#index[hole] !== place + 1) hole = (hole + 1) & mask;
    for (let slot = (hole + 1) & mask; this.#index[slot] !== 0; slot = (slot + 1) & mask) {
      const other = (this.#index[slot] ?? 0) - 1;
      const distance = (slot - this.#home(other)) & mask;
      if (distance >= ((slot - hole) & mask)) {
        this.#index[hole] = other + 1;
        hole = slot;
      }
    }
    this.#index[hole] = 0;
  }

  #grow(): void {
    const capacity = this.#capacity();
    const ring = new Uint32Array(capacity * 2 * ID_WORDS);
    const head = this.#head * ID_WORDS;
    ring.set(this.#ring.subarray(head), 0);
    ring.set(this.#ring.subarray(0, head), this.#ring.length - head);
    const tags = new Uint32Array(capacity * 2);
    tags.set(this.#tags.subarray(this.#head), 0);
    tags.set(this.#tags.subarray(0, this.#head), capacity - this.#head);
    this.#ring = ring;
    this.#tags = tags;
    this.#head = 0;
    this.#index = new Int32Array(capacity * 4);
    for (let place = 0; place < this.#size; place++) this.#insert(place);
  }
}

/** Filled anew by each call: nobody keeps it. */
const scratch = new Uint32Array(ID_WORDS);

function wordsOf(id: string): Uint32Array {
  for (let word = 0; word < ID_WORDS; word++) {
    let value = 0;
    for (let digit = word * 8; digit < word * 8 + 8; digit++) {
      value = (value << 4) | hexDigit(id, digit);
    }
    scratch[word] = value;
  }
  return scratch;
}

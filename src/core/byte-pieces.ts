/** Bytes and texts that are collected in order and then written once, into one buffer. */
export class BytePieces {
  readonly #pieces: (Uint8Array | string)[] = [];
  #lengthMax = 0;

  /** Keeps the bytes themselves, not a copy: they may not change before `join`. */
  add(bytes: Uint8Array): void {
    this.#pieces.push(bytes);
    this.#lengthMax += bytes.length;
  }

  /** The text becomes UTF-8, a lone surrogate in it U+FFFD. */
  addText(text: string): void {
    this.#pieces.push(text);
    this.#lengthMax += text.length * UTF8_BYTES_PER_UNIT_MAX;
  }

  /** All pieces in a buffer of their own; the buffer is longer than they are, by up to twice the length of the texts. */
  join(): Uint8Array<ArrayBuffer> {
    const whole = new Uint8Array(this.#lengthMax);
    let end = 0;
    for (const piece of this.#pieces) {
      if (typeof piece === "string") {
        end += utf8.encodeInto(piece, whole.subarray(end)).written;
      } else {
        whole.set(piece, end);
        end += piece.length;
      }
    }
    return whole.subarray(0, end);
  }
}

/** Of a UTF-16 code unit: so much room is always enough, and a text need not be encoded to know its length. */
const UTF8_BYTES_PER_UNIT_MAX = 3;

const utf8 = new TextEncoder();

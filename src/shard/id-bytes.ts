/** Bytes of an operation id: the first half of a SHA-256. */
const ID_BYTES = 16;
const HEX_DIGITS_PER_ID = ID_BYTES * 2;

/** Packs ids of 32 hex digits into 16 bytes each. */
export function encodeIds(ids: readonly string[]): ArrayBuffer {
  const bytes = new Uint8Array(ids.length * ID_BYTES);
  let next = 0;
  for (const id of ids) {
    for (let digit = 0; digit < HEX_DIGITS_PER_ID; digit += 2) {
      bytes[next++] = (hexDigit(id, digit) << 4) | hexDigit(id, digit + 1);
    }
  }
  return bytes.buffer;
}

/** The value of one lower-case hex digit. By arithmetic: parseInt of slices takes ten times as long, millions of times a minute. */
export function hexDigit(text: string, index: number): number {
  const code = text.charCodeAt(index);
  return code <= NINE ? code - ZERO : code - TEN;
}

const ZERO = 0x30;
const NINE = 0x39;
/** What is taken from the code of `a` to make it ten. */
const TEN = 0x57;

/** The reverse of `encodeIds`. */
export function decodeIds(buffer: ArrayBuffer): string[] {
  const digits = [...new Uint8Array(buffer)].map((byte) => BYTE_DIGITS[byte]).join("");
  const ids: string[] = [];
  for (let start = 0; start < digits.length; start += HEX_DIGITS_PER_ID) {
    ids.push(digits.slice(start, start + HEX_DIGITS_PER_ID));
  }
  return ids;
}

/** Packs tags of 32 bits. */
export function encodeTags(tags: readonly number[]): ArrayBuffer {
  return Uint32Array.from(tags).buffer;
}

/** The reverse of `encodeTags`. */
export function decodeTags(buffer: ArrayBuffer): number[] {
  return [...new Uint32Array(buffer)];
}

const BYTE_DIGITS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

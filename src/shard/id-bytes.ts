/** Bytes of an operation id: the first half of a SHA-256. */
const ID_BYTES = 16;
const HEX_DIGITS_PER_ID = ID_BYTES * 2;

/** Packs ids of 32 hex digits into 16 bytes each. */
export function encodeIds(ids: readonly string[]): ArrayBuffer {
  const bytes = new Uint8Array(ids.length * ID_BYTES);
  for (const [index, id] of ids.entries()) {
    for (let byte = 0; byte < ID_BYTES; byte++) {
      const digits = id.slice(byte * 2, byte * 2 + 2);
      bytes[index * ID_BYTES + byte] = Number.parseInt(digits, 16);
    }
  }
  return bytes.buffer;
}

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

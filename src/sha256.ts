import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";

const utf8 = new TextEncoder();

/**
 * SHA-256 of a text's UTF-8 form, 64 hex digits; synchronous, so that a group can be written in one turn.
 *
 * In JavaScript: an event's id is hashed on its way in, and workerd's `node:crypto` takes several times as long for texts that
 * short as to hash them here. Nothing but the answer is made anew: buffers outside of V8's heap, of which a hash object and an
 * encoded text have one each, cost more than hashing.
 */
export function sha256Hex(text: string): string {
  return bytesToHex(digestOf(text));
}

/** The same as 32 bytes. */
export function sha256Bytes(text: string): Uint8Array {
  return digestOf(text).slice();
}

/** No text was put in yet: what `working` begins each time as. */
const fresh = sha256.create();
const working = sha256.create();
const digest = new Uint8Array(sha256.outputLen);
/** Ids' texts are shorter; longer ones are encoded by the platform. */
const ascii = new Uint8Array(1_024);

/** Filled anew by each call. */
function digestOf(text: string): Uint8Array {
  fresh._cloneInto(working).update(encode(text)).digestInto(digest);
  return digest;
}

function encode(text: string): Uint8Array {
  if (text.length > ascii.length) return utf8.encode(text);
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code > ASCII_MAX) return utf8.encode(text);
    ascii[index] = code;
  }
  return ascii.subarray(0, text.length);
}

const ASCII_MAX = 0x7f;

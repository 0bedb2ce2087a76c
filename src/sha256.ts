import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";

const utf8 = new TextEncoder();

/**
 * SHA-256 of a text's UTF-8 form, 64 hex digits; synchronous, so that a group can be written in one turn.
 *
 * In JavaScript: an event's id is hashed on its way in, and workerd's `node:crypto` takes several times as long for texts that
 * short as to hash them here.
 */
export function sha256Hex(text: string): string {
  return bytesToHex(sha256Bytes(text));
}

/** The same as 32 bytes. */
export function sha256Bytes(text: string): Uint8Array {
  return sha256(utf8.encode(text));
}

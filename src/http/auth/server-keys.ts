import type { ApiKey } from "../../config.ts";
import { sha256Bytes } from "../../sha256.ts";

/** The deployment's server keys. */
export interface ServerKeys {
  /** The configured key that this text is, or null. */
  find(presented: string): ApiKey | null;
}

/**
 * Looks server keys up by their SHA-256.
 *
 * Compares with every configured hash in constant time, so the time of an answer tells nothing about how close a guess is;
 * `sameBytes` is the platform's constant-time comparison of two digests of the same length.
 */
export function createServerKeys(
  keys: readonly ApiKey[],
  sameBytes: (a: Uint8Array, b: Uint8Array) => boolean,
): ServerKeys {
  const known = keys.map((key) => ({ key, digest: fromHex(key.sha256) }));
  return {
    find: (presented) => {
      if (!presented.startsWith("gk_")) return null;
      const digest = sha256Bytes(presented);
      let found: ApiKey | null = null;
      for (const candidate of known) {
        if (sameBytes(candidate.digest, digest)) found = candidate.key;
      }
      return found;
    },
  };
}

function fromHex(hex: string): Uint8Array {
  const bytes = new Uint8Array(hex.length / 2);
  for (let index = 0; index < bytes.length; index++) {
    bytes[index] = Number.parseInt(hex.slice(2 * index, 2 * index + 2), 16);
  }
  return bytes;
}

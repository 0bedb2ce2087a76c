import { sha256Bytes } from "../../sha256.ts";

/** One secret that callers present as it is. */
export interface SecretToken {
  is(presented: string): boolean;
}

/**
 * Compares with a configured secret; null: nothing is ever equal.
 *
 * Hashes both and compares the hashes by `sameBytes`, the platform's constant-time comparison, so that the time of an answer
 * tells neither how close a guess is nor how long the secret.
 */
export function createSecretToken(
  secret: string | null,
  sameBytes: (a: Uint8Array, b: Uint8Array) => boolean,
): SecretToken {
  return {
    is: (presented) => secret !== null && sameBytes(sha256Bytes(secret), sha256Bytes(presented)),
  };
}

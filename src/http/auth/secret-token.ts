/** One secret that callers present as it is. */
export interface SecretToken {
  is(presented: string): Promise<boolean>;
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
    is: async (presented) => {
      if (secret === null) return false;
      const [expected, actual] = await Promise.all([sha256(secret), sha256(presented)]);
      return sameBytes(expected, actual);
    },
  };
}

async function sha256(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
}

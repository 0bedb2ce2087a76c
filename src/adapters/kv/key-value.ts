/** The part of a KV namespace that the adapters use; KVNamespace is one. */
export interface KeyValue {
  get(key: string, options: { type: "text"; cacheTtl?: number }): Promise<string | null>;
  put(key: string, value: string, options?: { expirationTtl?: number }): Promise<void>;
  delete(key: string): Promise<void>;
}

/**
 * Keys are JSON arrays, never joined strings: ids may contain any separator. The longest one, an initialised flag with an
 * id of 100 three-byte characters, stays below KV's 512 bytes.
 */
export function keyOf(...parts: readonly string[]): string {
  return JSON.stringify(parts);
}

/** The text under a key, or null when there is none, KV fails, or KV takes too long: always a miss, never an error. */
export async function readOrMiss(
  kv: KeyValue,
  key: string,
  options: { readonly cacheTtl?: number } = {},
): Promise<string | null> {
  const { promise: timedOut, resolve } = Promise.withResolvers<null>();
  const timer = setTimeout(() => resolve(null), READ_TIMEOUT_MS);
  try {
    return await Promise.race([kv.get(key, { type: "text", ...options }), timedOut]);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

/** KV answers within 250 ms for 99 of 100 reads worldwide; whoever waits longer is better served by the source. */
const READ_TIMEOUT_MS = 1_000;

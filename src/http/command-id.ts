import { FailureError } from "../core/errors.ts";
import { IDEMPOTENCY_KEY_LENGTH_MAX } from "../core/limits.ts";
import type { Call } from "./define-route.ts";

/**
 * The id under which the shard remembers a command's first result.
 *
 * Made of method, path and the caller's Idempotency-Key, so that a key used again for another command is another command
 * and never answered with a foreign result; random without a key, for the Worker's own retries.
 */
export function commandIdOf({ request, services }: Call): string {
  const key = idempotencyKeyOf(request);
  if (key === null) return services.newId();
  return JSON.stringify([request.method, new URL(request.url).pathname, key]);
}

/** The caller's Idempotency-Key, or null; throws FailureError INVALID_REQUEST when it cannot be one. */
export function idempotencyKeyOf(request: Request): string | null {
  const key = request.headers.get("Idempotency-Key");
  if (key === null) return null;
  if (key.length <= IDEMPOTENCY_KEY_LENGTH_MAX && PRINTABLE.test(key)) return key;
  const message = `must be 1 to ${IDEMPOTENCY_KEY_LENGTH_MAX} printable ASCII characters`;
  const path = "header.Idempotency-Key";
  throw new FailureError({
    code: "INVALID_REQUEST",
    detail: `${path} ${message}.`,
    errors: [{ path, message }],
  });
}

const PRINTABLE = /^[\x20-\x7e]+$/;

import { refuse } from "../core/errors.ts";
import { logEvent } from "../log.ts";
import type { CallOrigin } from "./call-origin.ts";
import type { ShardOutcome } from "./handed-over.ts";
import type { ShardObject } from "./shard-object.ts";

/** A call is sent at most this often: an object that resets is back within two tries, or stays away for longer. */
const TRIES_MAX = 3;
/** Pause before another try; the platform needs about 100 ms to start an object anew. */
const RETRY_PAUSE_MS = 100;
/** What a caller is told to wait when the shard did not answer. */
const RETRY_AFTER_SECONDS = 1;

/**
 * Calls a shard, again when the platform says that this may help. Every try uses a new stub: after an exception the old
 * one may be broken.
 *
 * The call must carry its operation ids, since a lost answer does not tell whether it was applied. Answers
 * SHARD_OVERLOADED or SHARD_UNAVAILABLE instead of throwing.
 */
export async function callShard<T>(
  shards: DurableObjectNamespace<ShardObject>,
  name: string,
  origin: CallOrigin,
  call: (shard: DurableObjectStub<ShardObject>, origin: CallOrigin) => Promise<ShardOutcome<T>>,
): Promise<ShardOutcome<T>> {
  for (let tries = 1; ; tries++) {
    try {
      return await call(shards.getByName(name), origin);
    } catch (error) {
      if (isMarked(error, "overloaded")) return overloaded();
      if (!isMarked(error, "retryable") || tries >= TRIES_MAX) {
        logEvent("shard-call-failed", { shard: name, requestId: origin.requestId, tries }, error);
        return unavailable();
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_PAUSE_MS * tries));
    }
  }
}

/** The platform marks the errors it throws with these two properties. */
function isMarked(error: unknown, mark: "overloaded" | "retryable"): boolean {
  return error instanceof Error && mark in error && Reflect.get(error, mark) === true;
}

function overloaded(): ReturnType<typeof refuse> {
  return refuse("SHARD_OVERLOADED", "The player's shard is overloaded. Send the request again.", {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}

function unavailable(): ReturnType<typeof refuse> {
  return refuse(
    "SHARD_UNAVAILABLE",
    "The player's shard did not answer. Send the request again with the same ids.",
    { retryAfterSeconds: RETRY_AFTER_SECONDS },
  );
}

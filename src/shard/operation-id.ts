import type { Digest } from "../core/claim.ts";
import type { Command } from "../core/operation.ts";
import type { PlayerKey } from "../core/player.ts";

/** Hex digits of an operation id: half of a SHA-256 tells 2^64 operations apart. */
const ID_DIGITS = 32;

/** An operation's identity as 32 hex digits. A JSON array is hashed: parts may contain any separator. */
export function operationId(digest: Digest, parts: readonly unknown[]): string {
  return digest(JSON.stringify(parts)).slice(0, ID_DIGITS);
}

/** The dedup key of an event: namespace, user and the event's own id. */
export function eventOperationId(
  digest: Digest,
  namespace: string,
  userId: string,
  eventId: string,
): string {
  return operationId(digest, ["event", namespace, userId, eventId]);
}

/** The dedup key of a command: a key used again for another command is another operation. */
export function commandOperationId(
  digest: Digest,
  player: PlayerKey,
  command: Command,
  key: string,
): string {
  return operationId(digest, ["command", player.namespace, player.userId, command, key]);
}

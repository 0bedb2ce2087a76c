import { formatInstant } from "../core/instant.ts";
import type { GrantLine } from "../core/player.ts";

/** A line of the ledger as operators see it. `userId` is null once its player was erased. */
export function grantShape(line: GrantLine, userId: string | null) {
  const { grantId, challengeId, goalId, period, reward, state, attempts, lastError } = line;
  return {
    grantId,
    userId,
    challengeId,
    goalId,
    period,
    reward,
    state,
    attempts,
    nextAttemptAt: formatInstant(line.nextAttemptAt),
    lastError,
    createdAt: formatInstant(line.createdAt),
    grantedAt: formatInstant(line.grantedAt),
  };
}

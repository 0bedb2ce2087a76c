import { SimulatedParts } from "./simulated-parts.ts";

/** A shard with one unflushed kill of each player, whose Postgres refuses every row of the last one. */
export async function withBad(...userIds: readonly string[]): Promise<SimulatedParts> {
  const parts = await new SimulatedParts().open();
  refuseRowsOf(parts, userIds.at(-1) ?? "");
  await parts.load(...userIds);
  for (const userId of userIds) await parts.kill(userId);
  return parts;
}

/** Postgres takes no row of this player any more, and everything else. */
export function refuseRowsOf(parts: SimulatedParts, userId: string): void {
  parts.store.refuses = ({ player, rows }) =>
    player.userId === userId && rows.length > 0 ? "value out of range" : null;
}

/** One flush, or the settling of one. */
export function flush(parts: SimulatedParts) {
  return parts.time.until(parts.flusher.flush());
}

/** Flushes until there is nothing to write; a statement without an answer is followed by another flush. */
export async function flushAll(parts: SimulatedParts, triesMax = 60): Promise<string[]> {
  const outcomes: string[] = [];
  for (let tries = 0; tries < triesMax; tries++) {
    const outcome = await flush(parts).then(
      (result) => result.outcome,
      () => "unknown" as const,
    );
    if (outcome === "idle") return outcomes;
    outcomes.push(outcome);
  }
  throw new Error("The flusher does not become idle.");
}

/** The positions in the player's letters, one list for each letter. */
export function lettered(parts: SimulatedParts, userId: string): (number[] | undefined)[] {
  const letters = parts.store.lettersOf(parts.player(userId));
  return letters.map(({ draft }) => draft?.operations.map(({ position }) => position));
}

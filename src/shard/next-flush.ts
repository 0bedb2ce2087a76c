import type { FenceKeeper } from "./fence-keeper.ts";
import type { PlannedFlush } from "./flush-attempt.ts";
import { planFlush } from "./flush-plan.ts";
import { FLUSH_BEHIND_FACTOR, FLUSH_ROWS_MAX } from "./limits.ts";
import type { ShardMemory } from "./memory.ts";
import type { ShardPorts } from "./ports.ts";
import type { RefusedPlayers } from "./refused-players.ts";

/**
 * What the next flush of a shard is to take, as memory, fence and refusals stand now; null when there is nothing to write.
 *
 * `isBehind`: the one before left players out for want of room.
 */
export function planNextFlush(
  { journal, residents, parked }: Pick<ShardMemory, "journal" | "residents" | "parked">,
  fence: Pick<FenceKeeper, "upto">,
  refused: RefusedPlayers,
  { realClock, settings }: Pick<ShardPorts, "realClock" | "settings">,
  isBehind: boolean,
): PlannedFlush | null {
  const chosen = refused.choose(residents.dirtyOldestFirst(), realClock.now());
  const rowsMax = settings.limits?.flushRowsMax ?? FLUSH_ROWS_MAX;
  const plan = planFlush({
    dirty: chosen.players,
    parkedSince: Math.min(parked.since ?? Infinity, chosen.heldSince ?? Infinity),
    last: journal.last,
    upto: fence.upto,
    rowsMax: isBehind ? rowsMax * FLUSH_BEHIND_FACTOR : rowsMax,
    playersMax: chosen.playersMax,
  });
  // Without players the fence still moves: over operations whose rows turned out to hold them already.
  const isEmpty = journal.size.operations === 0;
  const isUseful = plan.players.length > 0 || (plan.upto > fence.upto && !isEmpty);
  return isUseful ? { ...plan, letterFor: chosen.letterFor } : null;
}

import { isUnsettled } from "../core/ledger-line.ts";
import { allProgressLines } from "../core/player-goals.ts";
import type { GrantLine, LedgerAhead, PlayerKey } from "../core/player.ts";
import type { Call } from "./define-route.ts";
import { pointerTo } from "./player-document.ts";

/** All that is kept of a player: every stored row, and the ledger's lines, both with every acknowledged operation in them. */
export async function readRecord({ services, exchange }: Call, player: PlayerKey) {
  const { catalog, seq } = await services.catalogs.active(player.namespace);
  // The shard first: a line that it flushes in between is then met twice, and not missed.
  const view = await services.players.view(player, pointerTo(catalog, seq), exchange);
  const stored = await services.grants.ofPlayer(player);
  return {
    userId: player.userId,
    goals: allProgressLines(catalog, view.rows, services.clock.now()),
    grants: mergedLines(stored, view.ahead).map(
      ({ grantId, goalId, period, state, attempts, lastError }) => ({
        grantId,
        goalId,
        period,
        state,
        attempts,
        lastError,
      }),
    ),
  };
}

/** The ledger as it will be, the newest line first; a granted line never goes back, and what is nobody's any more is not this player's. */
export function mergedLines(
  stored: readonly GrantLine[],
  ahead: LedgerAhead | undefined,
): GrantLine[] {
  if (ahead === undefined) return [...stored];
  const kept = stored.filter(({ state }) => !ahead.isErased || isUnsettled(state));
  const lines = new Map(kept.map((line) => [line.grantId, line]));
  for (const line of ahead.lines) {
    if (lines.get(line.grantId)?.state !== "granted") lines.set(line.grantId, line);
  }
  return [...lines.values()]
    .filter((line) => line.isAnonymous !== true)
    .toSorted((a, b) => b.createdAt - a.createdAt);
}

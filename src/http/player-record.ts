import { allProgressLines } from "../core/player-goals.ts";
import type { PlayerKey } from "../core/player.ts";
import { pointerTo } from "./player-document.ts";
import type { Services } from "./services.ts";

/** All that is kept of a player: every stored row, and the ledger's lines, which lag by a flush. */
export async function readRecord(services: Services, player: PlayerKey) {
  const { catalog, seq } = await services.catalogs.active(player.namespace);
  const [view, lines] = await Promise.all([
    services.players.view(player, pointerTo(catalog, seq)),
    services.grants.ofPlayer(player),
  ]);
  return {
    userId: player.userId,
    goals: allProgressLines(catalog, view.rows, services.clock.now()),
    grants: lines.map(({ grantId, goalId, period, state, attempts, lastError }) => ({
      grantId,
      goalId,
      period,
      state,
      attempts,
      lastError,
    })),
  };
}

import type { PlayerKey } from "../core/player.ts";
import type { Call } from "./define-route.ts";
import { jsonResponse } from "./json-response.ts";
import { runCommand } from "./run-command.ts";

/**
 * Erases a player: rows in memory and, with the next flush, in Postgres; the ledger keeps its lines without the name.
 *
 * The init flag goes too; one that is left elsewhere does no harm, it only skips idempotent work.
 */
export async function erasePlayer(call: Call, player: PlayerKey): Promise<Response> {
  const { result } = await runCommand(call, player, { kind: "erase" }, "erase");
  call.after(call.services.initFlags.remove(player));
  return jsonResponse({ userId: player.userId, rowsDeleted: result.rowsDeleted });
}

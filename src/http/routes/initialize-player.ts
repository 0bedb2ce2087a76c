import type { Catalog } from "../../core/catalog.ts";
import { assignedGoals, isInitialised } from "../../core/player-goals.ts";
import type { PlayerView } from "../../core/player.ts";
import type { ActiveCatalog } from "../../core/ports.ts";
import { playerAccess } from "../auth/access.ts";
import { noBody } from "../body.ts";
import { idempotencyKeyOf } from "../command-id.ts";
import { defineRoute } from "../define-route.ts";
import { jsonResponse } from "../json-response.ts";
import { type PlayerCall, pointerTo, viewOptionsNow } from "../player-document.ts";
import { noQuery } from "../query.ts";
import { runCommand } from "../run-command.ts";

/**
 * Gives the player's default goals their rows. Idempotent.
 *
 * The KV flag lets a player who comes back skip the command, never more: a flag that is wrong, lost or unreadable costs
 * one idempotent command. A body is not looked at.
 */
export const initializePlayer = defineRoute({
  method: "POST",
  path: "/v1/challenges/initialize",
  access: playerAccess,
  query: noQuery,
  body: noBody,
  handle: async (call) => {
    const active = await call.services.catalogs.active(call.caller.namespace);
    const known = await viewIfInitialised(call, active);
    if (known !== null) return initializedResponse(call, active.catalog, known, 0);

    const { result, view, catalog } = await runCommand(call, call.caller, INITIALIZE, "initialize");
    call.after(call.services.initFlags.write(call.caller, catalog.version));
    return initializedResponse(call, catalog, view, result.created);
  },
});

const INITIALIZE = { kind: "initialize" } as const;

/** Null: the shard has to be asked to initialise. A caller's own idempotency key is for the shard to answer. */
async function viewIfInitialised(
  call: PlayerCall,
  { catalog, seq }: ActiveCatalog,
): Promise<PlayerView | null> {
  const { services, caller, exchange } = call;
  if (idempotencyKeyOf(call.request) !== null) return null;
  if ((await services.initFlags.read(caller)) !== catalog.version) return null;
  const view = await services.players.view(caller, pointerTo(catalog, seq), exchange);
  return isInitialised(catalog, view.rows, services.clock.now()) ? view : null;
}

function initializedResponse(
  { services }: PlayerCall,
  catalog: Catalog,
  view: PlayerView,
  newAssignments: number,
): Response {
  const goals = assignedGoals(catalog, view.rows, viewOptionsNow(services));
  return jsonResponse({ assignedGoals: goals, newAssignments, totalActive: goals.length });
}

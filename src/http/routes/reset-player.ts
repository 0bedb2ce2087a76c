import * as z from "zod";

import { COMMAND_BODY_BYTES_MAX } from "../../core/limits.ts";
import { allProgressLines } from "../../core/player-goals.ts";
import { serverAccess } from "../auth/access.ts";
import { optionalJsonBody } from "../body.ts";
import { defineRoute } from "../define-route.ts";
import { jsonResponse } from "../json-response.ts";
import { noQuery } from "../query.ts";
import { runCommand } from "../run-command.ts";
import { userIdOf } from "../user-id.ts";

/** Takes one goal of a player, or all of them, back to not_started; the next completion can be paid again. */
export const resetPlayer = defineRoute({
  method: "POST",
  path: "/v1/admin/players/:userId/reset",
  access: serverAccess("players:write"),
  query: noQuery,
  body: optionalJsonBody(
    z.object({ goalId: z.string("must be text").nullish() }, "must be an object"),
    COMMAND_BODY_BYTES_MAX,
  ),
  handle: async (handling) => {
    const { services, caller, body } = handling;
    const player = { namespace: caller.namespace, userId: userIdOf(handling.param) };
    const command = { kind: "reset", goalId: body.goalId ?? null } as const;
    const { view, catalog } = await runCommand(handling, player, command, "reset");
    const goals = allProgressLines(catalog, view.rows, services.clock.now());
    return jsonResponse({ userId: player.userId, goals });
  },
});

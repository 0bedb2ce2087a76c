import { playerAccess } from "../auth/access.ts";
import { noBody } from "../body.ts";
import { defineRoute } from "../define-route.ts";
import { erasePlayer } from "../erase-player.ts";
import { noQuery } from "../query.ts";

/** Erases the player who asks. */
export const eraseOwnData = defineRoute({
  method: "DELETE",
  path: "/v1/users/me/data",
  access: playerAccess,
  query: noQuery,
  body: noBody,
  handle: async (handling) => erasePlayer(handling, handling.caller),
});

import * as z from "zod";

import { FailureError } from "../../core/errors.ts";
import { formatInstant } from "../../core/instant.ts";
import { serverAccess } from "../auth/access.ts";
import { noBody } from "../body.ts";
import { commandIdOf } from "../command-id.ts";
import { defineRoute } from "../define-route.ts";
import { jsonResponse } from "../json-response.ts";
import { queryFlag } from "../query.ts";

/** Lets a shard go on whose Postgres was set back in time; with `dryRun=true` it only says what is lost. */
export const resumeShard = defineRoute({
  method: "POST",
  path: "/v1/admin/shards/:shard/resume",
  access: serverAccess("operator"),
  query: z.object({ dryRun: queryFlag }),
  body: noBody,
  handle: async (handling) => {
    const { services, exchange, query, param } = handling;
    const id = commandIdOf(handling);
    const outcome = await services.players.resumeShard(param("shard"), id, query.dryRun, exchange);
    if (!outcome.ok) throw new FailureError(outcome.failure);
    const { lostFrom, lostTo, ...report } = outcome.value;
    return jsonResponse({
      ...report,
      lostFrom: formatInstant(lostFrom),
      lostTo: formatInstant(lostTo),
    });
  },
});

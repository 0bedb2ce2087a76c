import { formatInstant } from "../../core/instant.ts";
import { serverAccess } from "../auth/access.ts";
import { noBody } from "../body.ts";
import { defineRoute } from "../define-route.ts";
import { jsonResponse } from "../json-response.ts";
import { noQuery } from "../query.ts";

/** How every shard is doing. */
export const getShards = defineRoute({
  method: "GET",
  path: "/v1/admin/shards",
  access: serverAccess("players:read", "operator"),
  query: noQuery,
  body: noBody,
  handle: async ({ services, exchange }) => {
    const statuses = await services.players.shardStatuses(exchange);
    const shards = statuses.map((status) => ({
      ...status,
      lastFlushAt: formatInstant(status.lastFlushAt),
    }));
    return jsonResponse({ shards });
  },
});

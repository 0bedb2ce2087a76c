import { formatInstant } from "../../core/instant.ts";
import type { ShardStatus } from "../../core/ports.ts";
import { serverAccess } from "../auth/access.ts";
import { noBody } from "../body.ts";
import { defineRoute } from "../define-route.ts";
import { jsonResponse } from "../json-response.ts";
import { noQuery } from "../query.ts";

/** How every shard is doing; why one fails is for operators. */
export const getShards = defineRoute({
  method: "GET",
  path: "/v1/admin/shards",
  access: serverAccess("players:read", "operator"),
  query: noQuery,
  body: noBody,
  handle: async ({ services, exchange, caller }) => {
    const statuses = await services.players.shardStatuses(exchange);
    const shards = statuses.map((status) => ({
      ...status,
      lastFlushAt: formatInstant(status.lastFlushAt),
      lastError: caller.isOperator ? status.lastError : veiled(status),
    }));
    return jsonResponse({ shards });
  },
});

/** A shard holds players of all namespaces, and Postgres quotes the value that it refuses: no tenant may read another's. */
function veiled({ lastError }: Pick<ShardStatus, "lastError">): string | null {
  if (lastError === null) return null;
  return "The shard has trouble; a key with the scope operator is told what it is.";
}

import type { CatalogPointer } from "../core/catalog.ts";
import type { Digest } from "../core/claim.ts";
import { type Failure, FailureError, type Outcome } from "../core/errors.ts";
import type { EventFacts, EventResult, GameEvent } from "../core/operation.ts";
import type { Players, RequestTrace, ShardStatus } from "../core/ports.ts";
import type { ShardEvent } from "./event-calls.ts";
import { commandOperationId, eventOperationId } from "./operation-id.ts";
import { shardNames, shardOf, type ShardLayout } from "./routing.ts";
import { callShard } from "./rpc.ts";
import type { ShardObject } from "./shard-object.ts";

/** What the Worker's side of the shards is made from. */
export interface PlayersOptions {
  readonly shards: DurableObjectNamespace<ShardObject>;
  readonly layout: ShardLayout;
  readonly digest: Digest;
}

/**
 * The players' shards over RPC.
 *
 * A call whose answer was lost is sent again under the same operation ids, so that it takes effect once.
 */
export function createPlayers({ shards, layout, digest }: PlayersOptions): Players {
  return {
    view: async (player, _pointer, trace) => {
      const name = (trace.shard = shardOf(player, layout));
      const outcome = await callShard(shards, name, trace.requestId, (shard, origin) =>
        shard.view(player, origin),
      );
      return valueOf(outcome);
    },
    command: async (player, command, commandId, pointer, trace) => {
      const id = commandOperationId(digest, player, command, commandId);
      const name = (trace.shard = shardOf(player, layout));
      return callShard(shards, name, trace.requestId, (shard, origin) =>
        shard.command(player, command, id, pointer, origin),
      );
    },
    submitEvents: (namespace, events, pointer, trace) =>
      submitEvents({ shards, layout, digest }, namespace, events, pointer, trace),
    shardStatuses: (trace) =>
      Promise.all(shardNames(layout).map((name) => statusOf(shards, name, trace))),
  };
}

/** Splits a batch by shard, sends the parts side by side, and puts the results back into order. */
async function submitEvents(
  { shards, layout, digest }: PlayersOptions,
  namespace: string,
  events: readonly GameEvent[],
  pointer: CatalogPointer,
  trace: RequestTrace,
): Promise<EventResult[]> {
  const indexes = [...events.keys()];
  const byShard = Map.groupBy(indexes, (index) => {
    const userId = events[index]?.userId ?? "";
    return shardOf({ namespace, userId }, layout);
  });
  if (byShard.size === 1) for (const name of byShard.keys()) trace.shard = name;
  const results: EventResult[] = [];
  await Promise.all(
    [...byShard].map(async ([name, members]) => {
      const part = members.flatMap((index) => {
        const event = events[index];
        return event === undefined ? [] : [toShardEvent(digest, namespace, event)];
      });
      const outcome = await callShard(shards, name, trace.requestId, (shard, origin) =>
        shard.submit({ namespace, pointer, events: part }, origin),
      );
      for (const [place, index] of members.entries()) {
        results[index] = outcome.ok
          ? (outcome.value[place] ?? rejected(UNANSWERED))
          : rejected(outcome.failure);
      }
    }),
  );
  return results;
}

function toShardEvent(digest: Digest, namespace: string, event: GameEvent): ShardEvent {
  const { userId, source, statCode, latestValue, inc, timestamp } = event;
  const facts: EventFacts = { source, statCode, latestValue, inc, timestamp };
  return { id: eventOperationId(digest, namespace, userId, event.id), userId, facts };
}

const UNANSWERED: Failure = {
  code: "SHARD_UNAVAILABLE",
  detail: "The shard gave no answer for this event. Send it again with the same id.",
};

/** A shard's refusal concerns each of its events; every one may be sent again with its id. */
function rejected({ code, detail }: Failure): EventResult {
  return { status: "rejected", code: rejectionCode(code), detail, retryable: true };
}

function rejectionCode(code: Failure["code"]): EventResult["code"] {
  const isOwn =
    code === "SHARD_OVERLOADED" || code === "NO_CATALOG" || code === "DATABASE_UNAVAILABLE";
  return isOwn ? code : "SHARD_UNAVAILABLE";
}

async function statusOf(
  shards: PlayersOptions["shards"],
  name: string,
  { requestId }: RequestTrace,
): Promise<ShardStatus> {
  const outcome = await callShard(shards, name, requestId, async (shard, origin) => ({
    ok: true,
    value: await shard.status(origin),
  }));
  if (outcome.ok) return outcome.value;
  return {
    shard: name,
    epoch: null,
    journalDepth: 0,
    oldestAgeMs: 0,
    dirtyPlayers: 0,
    parkedPlayers: 0,
    lastFlushAt: null,
    lastError: outcome.failure.detail,
  };
}

function valueOf<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new FailureError(outcome.failure);
}

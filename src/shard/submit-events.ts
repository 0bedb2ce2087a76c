import type { CatalogPointer } from "../core/catalog.ts";
import type { Digest } from "../core/claim.ts";
import type { Failure } from "../core/errors.ts";
import type { EventFacts, EventResult, GameEvent } from "../core/operation.ts";
import type { RequestTrace } from "../core/ports.ts";
import type { CallContext } from "./call-origin.ts";
import type { ShardEvent } from "./event-calls.ts";
import type { ShardEventResult } from "./handed-over.ts";
import { eventOperationId } from "./operation-id.ts";
import { packBatch } from "./packed-events.ts";
import { shardOf, type ShardLayout } from "./routing.ts";
import type { ShardCaller } from "./shard-caller.ts";

/** Where events go, and how their ids are made. */
interface Destination {
  readonly caller: ShardCaller;
  readonly layout: ShardLayout;
  readonly digest: Digest;
}

/** Events of one namespace, in the order in which they are to be answered. */
interface NamespaceEvents {
  readonly namespace: string;
  readonly events: readonly GameEvent[];
  readonly pointer: CatalogPointer;
}

/** An event on its way: where it stands in the answer, and under which layout it is sent. */
interface Underway {
  readonly index: number;
  readonly event: ShardEvent;
  readonly layout: ShardLayout;
}

/** Rounds of sending; each but the first sends events after players who moved to a newer generation. */
const ROUNDS_MAX = 4;

/** Splits a batch by shard, sends the parts side by side, and puts the results back into order. Never throws for a refusal. */
export async function submitEvents(
  { caller, layout, digest }: Destination,
  { namespace, events, pointer }: NamespaceEvents,
  trace: RequestTrace,
): Promise<EventResult[]> {
  const { requestId } = trace;
  const results: EventResult[] = [];
  let underway = events.map((event, index): Underway => ({
    index,
    event: toShardEvent(digest, namespace, event),
    layout,
  }));
  for (let round = 0; underway.length > 0 && round < ROUNDS_MAX; round++) {
    const moved: Underway[] = [];
    const parts = Map.groupBy(underway, (one) =>
      shardOf({ namespace, userId: one.event.userId }, one.layout),
    );
    if (parts.size === 1) for (const name of parts.keys()) trace.shard = name;
    await Promise.all(
      [...parts].map(async ([name, part]) => {
        const answers = await submitPart(caller, name, part, { namespace, pointer, requestId });
        for (const [place, one] of part.entries()) {
          const { movedTo, ...result } = answers[place] ?? rejected(UNANSWERED);
          results[one.index] = result;
          if (movedTo !== undefined) moved.push({ ...one, layout: movedTo });
        }
      }),
    );
    underway = moved;
  }
  return results;
}

async function submitPart(
  caller: ShardCaller,
  name: string,
  part: readonly Underway[],
  {
    requestId,
    ...common
  }: Pick<NamespaceEvents, "namespace" | "pointer"> & Pick<CallContext, "requestId">,
): Promise<readonly ShardEventResult[]> {
  const layout = part[0]?.layout;
  if (layout === undefined) return [];
  const batch = packBatch({ ...common, events: part.map(({ event }) => event) });
  const outcome = await caller.call(name, { requestId, layout }, (shard, origin) =>
    shard.submit(batch, origin),
  );
  if (outcome.ok) return outcome.value;
  return part.map(() => rejected(outcome.failure));
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
function rejected({ code, detail }: Failure): ShardEventResult {
  return { status: "rejected", code: rejectionCode(code), detail, retryable: true };
}

function rejectionCode(code: Failure["code"]): EventResult["code"] {
  const isOwn =
    code === "SHARD_OVERLOADED" || code === "NO_CATALOG" || code === "DATABASE_UNAVAILABLE";
  return isOwn ? code : "SHARD_UNAVAILABLE";
}

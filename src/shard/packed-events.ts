import type { EventFacts } from "../core/operation.ts";
import type { EventBatch, ShardEvent } from "./event-calls.ts";

/** An event on its way to a shard: operation id, user id, and its facts in a fixed order. */
type PackedEvent = readonly [
  id: string,
  userId: string,
  source: EventFacts["source"],
  statCode: string,
  latestValue: number | null,
  inc: number | null,
  timestamp: number | null,
];

/** A batch as it crosses RPC: structured clone writes and looks up every property's name, event by event. */
export interface PackedBatch extends Omit<EventBatch, "events"> {
  readonly events: readonly PackedEvent[];
}

/** The batch for RPC. */
export function packBatch({ events, ...common }: EventBatch): PackedBatch {
  const packed = events.map(({ id, userId, facts }): PackedEvent => {
    const { source, statCode, latestValue, inc, timestamp } = facts;
    return [id, userId, source, statCode, latestValue, inc, timestamp];
  });
  return { ...common, events: packed };
}

/** The reverse of `packBatch`. */
export function unpackBatch({ events, ...common }: PackedBatch): EventBatch {
  const unpacked = events.map(
    ([id, userId, source, statCode, latestValue, inc, timestamp]): ShardEvent => ({
      id,
      userId,
      facts: { source, statCode, latestValue, inc, timestamp },
    }),
  );
  return { ...common, events: unpacked };
}

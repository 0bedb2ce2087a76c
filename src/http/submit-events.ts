import type { ErrorCode } from "../core/errors.ts";
import type { EventResult, GameEvent } from "../core/operation.ts";
import { echoedId, parseEvent } from "./parse-event.ts";

/** What became of one item of the request. */
export interface ItemResult extends EventResult {
  readonly index: number;
  readonly id: string | null;
}

/** How many items met which fate; sums to the number of items. */
export interface EventCounts {
  readonly accepted: number;
  readonly duplicates: number;
  readonly ignored: number;
  readonly rejected: number;
}

/**
 * Submits the items that are events and rejects the others, each by itself; results in the order of the items.
 *
 * `submit` gets the valid ones, in order, and is not called when there are none.
 */
export async function submitEvents(
  items: readonly unknown[],
  submit: (events: readonly GameEvent[]) => Promise<readonly EventResult[]>,
): Promise<ItemResult[]> {
  const parsed = items.map(parseEvent);
  const events = parsed.flatMap((item) => (item.ok ? [item.event] : []));
  const submitted = events.length === 0 ? [] : await submit(events);
  let next = 0;
  return parsed.map((item, index) => {
    const result = item.ok ? (submitted[next++] ?? LOST) : invalid(item.problem);
    return { index, id: echoedId(items[index]), ...result };
  });
}

/** Counts the results by status. */
export function countResults(results: readonly ItemResult[]): EventCounts {
  const counts = { accepted: 0, duplicates: 0, ignored: 0, rejected: 0 };
  for (const { status } of results) counts[status === "duplicate" ? "duplicates" : status]++;
  return counts;
}

/**
 * Why nothing at all was taken although something could have been: the code of the first refusal that a retry may
 * overcome. Null when any item was taken, or when only the items themselves are at fault.
 */
export function totalRefusal(results: readonly ItemResult[]): ErrorCode | null {
  if (results.some(({ status }) => status !== "rejected")) return null;
  return results.find(({ retryable }) => retryable)?.code ?? null;
}

/** A result that a shard owes: the event may have been applied, the same id asks again. */
const LOST: EventResult = {
  status: "rejected",
  code: "SHARD_UNAVAILABLE",
  detail: "The shard gave no result for this event; send it again under the same id.",
  retryable: true,
};

function invalid(detail: string): EventResult {
  return { status: "rejected", code: "INVALID_REQUEST", detail, retryable: false };
}

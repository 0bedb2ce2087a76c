import type { FlushAttempt } from "../core/shard-store.ts";
import type { OpenFlush, PlannedFlush } from "./flush-attempt.ts";
import type { Journal } from "./journal.ts";
import type { ShardPorts } from "./ports.ts";

/** What an attempt's line will say, once it is known to have committed. */
export interface FlushNote {
  readonly rows: number;
  readonly leftOut: number;
  /** By the real clock. */
  readonly sentAt: number;
  /** Arrival of the oldest operation in it, by the clock of the rules. */
  readonly arrivedAt: number;
}

/** Notes an attempt that is about to be sent. */
export function noteFlush(
  { players: planned, leftOut }: PlannedFlush,
  { players }: FlushAttempt,
  journal: Journal,
  { clock, realClock }: ShardPorts,
): FlushNote {
  // The players of a plan are sorted: the first has the oldest operation.
  const since = planned[0]?.dirtySince ?? null;
  const arrivedAt = since === null ? journal.oldestAt : journal.arrivalOf(since);
  return {
    rows: players.reduce((sum, { rows }) => sum + rows.length, 0),
    leftOut,
    sentAt: realClock.now(),
    arrivedAt: arrivedAt ?? clock.now(),
  };
}

/** Writes the line about an attempt that is known to have committed just now. */
export function logFlush(
  { shard, clock, realClock, log }: ShardPorts,
  flush: number,
  { players, rows, leftOut, upto, sentAt, arrivedAt }: OpenFlush & FlushNote,
  isRecognised: boolean,
): void {
  log("flush", {
    shard,
    flush,
    players: players.length,
    rows,
    leftOut,
    milliseconds: Math.max(0, realClock.now() - sentAt),
    lagMs: Math.max(0, clock.now() - arrivedAt),
    upto,
    isRecognised,
  });
}

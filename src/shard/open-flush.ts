import type { PlayerSnapshot } from "../core/shard-store.ts";
import type { FlushPlan } from "./flush-plan.ts";
import type { Journal } from "./journal.ts";
import type { ShardPorts } from "./ports.ts";
import type { Resident } from "./resident.ts";

/** What to do, and to say, when it turns out that an attempt has committed; the rows themselves need not be kept. */
export interface OpenFlush {
  readonly upto: number;
  readonly players: readonly { readonly name: string; readonly applied: number }[];
  readonly rows: number;
  readonly leftOut: number;
  /** By the real clock. */
  readonly sentAt: number;
  /** Arrival of the oldest operation in it, by the clock of the rules. */
  readonly arrivedAt: number;
}

/** Notes an attempt that is about to be sent. */
export function openFlushOf(
  { players, upto, leftOut }: FlushPlan<Resident>,
  snapshots: readonly PlayerSnapshot[],
  journal: Journal,
  { clock, realClock }: ShardPorts,
): OpenFlush {
  // The players of a plan are sorted: the first has the oldest operation.
  const since = players[0]?.dirtySince ?? null;
  const arrivedAt = since === null ? journal.oldestAt : journal.arrivalOf(since);
  return {
    upto,
    players: players.map(({ name, applied }) => ({ name, applied })),
    rows: rowsOf(snapshots),
    leftOut,
    sentAt: realClock.now(),
    arrivedAt: arrivedAt ?? clock.now(),
  };
}

/** Rows that these parts of a flush write. */
export function rowsOf(snapshots: readonly PlayerSnapshot[]): number {
  return snapshots.reduce((sum, { rows }) => sum + rows.length, 0);
}

/** Writes the line about an attempt that is known to have committed just now. */
export function logFlush(
  { shard, clock, realClock, log }: ShardPorts,
  flush: number,
  { players, rows, leftOut, upto, sentAt, arrivedAt }: OpenFlush,
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

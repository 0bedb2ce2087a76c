/** How loud a line is: `error` should wake somebody up, `warn` passes by itself or was told to a caller, `info` is routine. */
export type LogLevel = "info" | "warn" | "error";

/**
 * Every line of the log beside those about requests (`log.ts`), with its fields. docs/operations.md says what each means and
 * what to do about it.
 *
 * Ids only: no token, no body, no text of a player. `error` is the message of an exception, which may name a statement's
 * fault but never its parameters.
 */
export interface LogEvents {
  /** A flush is confirmed: its rows are in Postgres. */
  readonly flush: {
    readonly shard: string;
    /** Number of the attempt, as in shard_fence. */
    readonly flush: number;
    readonly players: number;
    readonly rows: number;
    /** Dirty players for whom the statement had no room. */
    readonly leftOut: number;
    /** From sending the statement to knowing that it had committed. */
    readonly milliseconds: number;
    /** From the arrival of the oldest operation in it to that moment. */
    readonly lagMs: number;
    /** Position up to which Postgres contains everybody's operations. */
    readonly upto: number;
    /** Its answer was lost, and the fence told that it had committed. */
    readonly isRecognised: boolean;
  };
  /** The object's alarm ran. */
  readonly alarm: {
    readonly shard: string;
    readonly outcome: "flushed" | "nothing-to-flush" | "failed" | "stopped";
    readonly milliseconds: number;
    /** Operations that Postgres lacks after it. */
    readonly journalDepth: number;
    /** When the next one is due; null: no work is left. */
    readonly nextInMs: number | null;
  };
  /** The reward service was asked for a grant, and this is what it said. */
  readonly grant: {
    readonly shard: string;
    readonly grantId: string;
    /** Of the request that claimed; null when an earlier instance was called by it. */
    readonly requestId: string | null;
    readonly outcome: "granted" | "rejected" | "unknown" | "deferred";
    /** Calls for this grant so far. */
    readonly attempts: number;
    /** Since this instance began to ask for it. */
    readonly milliseconds: number;
  };
  /** An operator let a shard go on whose Postgres was set back in time; the next instance does. */
  readonly "shard-resumed": {
    readonly shard: string;
    readonly lostAtMost: number;
    readonly resendableIds: number;
  };
  /** What an operator decided of a grant that was open. */
  readonly "grant-repaired": {
    readonly shard: string;
    readonly grantId: string;
    readonly requestId: string;
    readonly repair: "retry" | "deliver" | "cancel";
  };
  /** Nobody settled the grant for too long, or it was refused after it may have been paid: an operator decides. */
  readonly "grant-parked": {
    readonly shard: string;
    readonly grantId: string;
    readonly attempts: number;
  };
  /** Postgres refused a statement for what it held: the next ones are smaller, until the player to blame is alone. */
  readonly "flush-refused": {
    readonly shard: string;
    readonly players: number;
    readonly error: string;
  };
  /** A player's ledger lines are refused: the player is left out of flushes for a while, again and again. */
  readonly "player-set-aside": {
    readonly shard: string;
    readonly namespace: string;
    readonly userId: string;
    readonly error: string;
  };
  /** Operations of a player that could not be applied or stored are kept in dead letters now. */
  readonly "dead-letter-written": {
    readonly shard: string;
    readonly namespace: string;
    readonly userId: string;
    readonly letters: number;
  };
  /** The outcome of a grant could not be journaled: the instance is ending. */
  readonly "grant-unsettled": {
    readonly shard: string;
    readonly grantId: string;
    readonly error: string;
  };
  /** This instance took the shard over, after a restart or from another instance. */
  readonly "fence-claimed": { readonly shard: string; readonly epoch: number };
  /** This instance writes nothing any more. */
  readonly "shard-stopped": { readonly shard: string; readonly reason: string };
  /** A pass of the alarm did not do all that it had to. */
  readonly "flush-failed": { readonly shard: string; readonly error: string };
  /** Players could not be read from Postgres; `waiting`: how many were asked for. */
  readonly "load-failed": {
    readonly shard: string;
    readonly waiting: number;
    readonly error: string;
  };
  /** The loader itself broke: a defect. */
  readonly "loader-failed": { readonly shard: string; readonly error: string };
  /** Journaled operations of a player cannot be applied. */
  readonly "replay-failed": {
    readonly shard: string;
    readonly namespace: string;
    readonly userId: string;
    readonly error: string;
  };
  /** Players could not be taken over from the shards of an older generation; whoever asked for them is refused. */
  readonly "arrival-failed": { readonly shard: string; readonly error: string };
  /** A shard of an older generation could not be asked whether it has written a player; it is asked again. */
  readonly "older-shard-failed": {
    readonly shard: string;
    readonly older: string | null;
    readonly error: string;
  };
  /** The vars are wrong: nothing is served. */
  readonly configuration: {
    readonly requestId: string | null;
    readonly problems: readonly string[];
  };
  /** A shard did not answer, also not when it was asked again. */
  readonly "shard-call-failed": {
    readonly shard: string;
    readonly requestId: string;
    readonly tries: number;
  };
  /** The cron could not ping the shards. */
  readonly "cron-shards": { readonly requestId: string };
  /** The cron could not repair the catalog pointer in KV. */
  readonly "cron-catalog": { readonly requestId: string };
}

/** How loud each line is. */
export const LOG_LEVELS: Readonly<Record<keyof LogEvents, LogLevel>> = {
  flush: "info",
  alarm: "info",
  grant: "info",
  "flush-refused": "warn",
  "player-set-aside": "error",
  "dead-letter-written": "error",
  "grant-repaired": "info",
  "grant-parked": "error",
  "grant-unsettled": "error",
  "fence-claimed": "info",
  "shard-stopped": "error",
  "shard-resumed": "warn",
  "flush-failed": "error",
  "load-failed": "error",
  "loader-failed": "error",
  "replay-failed": "error",
  "arrival-failed": "error",
  "older-shard-failed": "warn",
  configuration: "error",
  "shard-call-failed": "error",
  "cron-shards": "error",
  "cron-catalog": "warn",
};

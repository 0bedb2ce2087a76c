import type { Reward, Schedule } from "./catalog.ts";

/** Who: one player of one namespace. */
export interface PlayerKey {
  readonly namespace: string;
  readonly userId: string;
}

export type GoalStatus = "not_started" | "in_progress" | "completed" | "claimed";

/** A completion of an earlier period that can still be claimed; times in epoch milliseconds. */
export interface LateClaim {
  /** The period in which the goal was completed; null when it did not rotate then. */
  readonly period: string | null;
  readonly completedAt: number;
  readonly reward: Reward;
  /** The round at the time of the completion; part of the grant id. */
  readonly round: number;
  readonly until: number;
  /** That of the period; part of the grant id. Absent without period, and in what was stored before it was kept. */
  readonly schedule?: Schedule;
}

/** A claim whose grant is not settled yet; at most one per goal. Holds all that a resume needs. */
export interface OpenClaim {
  readonly grantId: string;
  /** The period in which the goal was completed; null when it did not rotate then. */
  readonly period: string | null;
  /** That of the period, for a late claim. Absent without period, and in what was stored before it was kept. */
  readonly schedule?: Schedule;
  readonly completedAt: number;
  readonly reward: Reward;
  readonly round: number;
  readonly startedAt: number;
  /** The instant until which the claim, if it is rejected, lives on as a late claim; null without rotation. */
  readonly until: number | null;
  /** Nobody asks for its reward any more until an operator has looked at it. */
  readonly isParked?: true;
}

/**
 * One player's state of one goal, as Postgres holds it. Immutable: the reducer makes new rows.
 *
 * Times are epoch milliseconds. A goal without a row is `blankRow`.
 */
export interface GoalRow {
  readonly challengeId: string;
  readonly goalId: string;
  readonly status: GoalStatus;
  readonly isActive: boolean;
  /** The last absolute value applied (modes absolute and relative); null before the first. */
  readonly raw: number | null;
  /** The value at which this period's counting starts (mode relative); null when unset. */
  readonly baseline: number | null;
  /** What is shown and compared with the target. */
  readonly progress: number;
  /** Matching, non-duplicate events while active; never reset. */
  readonly eventCount: number;
  /**
   * Id of the period the row is in (its start, RFC 3339 UTC); null without rotation.
   *
   * A completion stays in the period in which it was reached when it is carried over, for that is part of its grant id.
   */
  readonly period: string | null;
  /** By which rule `period` was named: two schedules can give two periods one name. Null with a period: stored before it was kept. */
  readonly schedule: Schedule | null;
  /** When the row is to be rolled: the end of the current period, also for a completion of an earlier one. */
  readonly periodEndsAt: number | null;
  /** Raised by an admin reset: a new round can be paid again. */
  readonly round: number;
  readonly assignedAt: number | null;
  readonly completedAt: number | null;
  readonly claimedAt: number | null;
  /** Event time of the newest latestValue that was applied. */
  readonly lastEventAt: number | null;
  /** Last counted day, `YYYY-MM-DD` in the rotation's zone (mode days). */
  readonly lastDay: string | null;
  readonly lateClaim: LateClaim | null;
  readonly openClaim: OpenClaim | null;
}

/** All rows of one player by goal id. */
export type Rows = ReadonlyMap<string, GoalRow>;

/** Rows by goal id, for code that only looks single ones up. */
export type RowLookup = Pick<Rows, "get">;

export type GrantState = "pending" | "granted" | "rejected" | "parked" | "cancelled";

/** One line of the ledger, reward_grant. Times in epoch milliseconds. */
export interface GrantLine {
  readonly grantId: string;
  readonly challengeId: string;
  readonly goalId: string;
  readonly period: string | null;
  readonly reward: Reward;
  readonly state: GrantState;
  readonly attempts: number;
  readonly nextAttemptAt: number | null;
  readonly lastError: string | null;
  readonly createdAt: number;
  readonly grantedAt: number | null;
  /** The player was erased: the ledger keeps the line without the user id. */
  readonly isAnonymous?: true;
}

/** What a read of a player answers: rows as stored, not rolled. Plain data, so that it crosses RPC. */
export interface PlayerView {
  readonly rows: readonly GoalRow[];
  /** Position of the last operation that changed the player; 0 when none is known. Part of the ETag. */
  readonly position: number;
  /** What the ledger in Postgres lacks still; absent when it lacks nothing. */
  readonly ahead?: LedgerAhead;
}

/** How far a shard is ahead of the ledger in Postgres, for one player. */
export interface LedgerAhead {
  readonly lines: readonly GrantLine[];
  /** The player was erased: settled lines that Postgres still has under the name are nobody's any more. */
  readonly isErased: boolean;
}

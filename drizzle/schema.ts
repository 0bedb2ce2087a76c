import { sql } from "drizzle-orm";
import {
  bigint,
  bigserial,
  boolean,
  check,
  customType,
  doublePrecision,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
} from "drizzle-orm/pg-core";

// The only description of Postgres. `npm run db:generate -- --name verb_object` turns a change into a migration.

/** An instant: always with time zone, so that no session setting can shift it. */
const instant = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });
/** Positions and epochs stay below 2^53: a double holds them exactly. */
const position = (name: string) => bigint(name, { mode: "number" });

const bytea = customType<{ data: Uint8Array }>({ dataType: () => "bytea" });

/**
 * One player's state of one goal.
 *
 * Every event rewrites rows of this table. So there is no index beside the primary key: an index on a column that an
 * event changes would turn each HOT update into index writes. The fillfactor (custom migration) leaves room for HOT.
 */
export const userGoalProgress = pgTable(
  "user_goal_progress",
  {
    namespace: text("namespace").notNull(),
    userId: text("user_id").notNull(),
    goalId: text("goal_id").notNull(),
    challengeId: text("challenge_id").notNull(),
    status: text("status").notNull(),
    isActive: boolean("is_active").notNull(),
    /** The last absolute value applied. */
    raw: doublePrecision("raw"),
    /** Where this period's counting starts (mode relative). */
    baseline: doublePrecision("baseline"),
    progress: doublePrecision("progress").notNull(),
    /** Matching, non-duplicate events while active; never reset. */
    eventCount: position("event_count").notNull(),
    /** Start of the current period, or of that of the completion in the row, RFC 3339 UTC; null without rotation. */
    period: text("period"),
    periodEndsAt: instant("period_ends_at"),
    /** Raised by an admin reset, so that the goal can be paid again. */
    round: integer("round").notNull(),
    assignedAt: instant("assigned_at"),
    completedAt: instant("completed_at"),
    claimedAt: instant("claimed_at"),
    lastEventAt: instant("last_event_at"),
    lastDay: text("last_day"),
    latePeriod: text("late_period"),
    lateCompletedAt: instant("late_completed_at"),
    lateRewardType: text("late_reward_type"),
    lateRewardId: text("late_reward_id"),
    lateQuantity: doublePrecision("late_quantity"),
    lateRound: integer("late_round"),
    lateUntil: instant("late_until"),
    openGrantId: text("open_grant_id"),
    openPeriod: text("open_period"),
    openCompletedAt: instant("open_completed_at"),
    openRewardType: text("open_reward_type"),
    openRewardId: text("open_reward_id"),
    openQuantity: doublePrecision("open_quantity"),
    openRound: integer("open_round"),
    openStartedAt: instant("open_started_at"),
    openUntil: instant("open_until"),
    /** True when nobody asks for the reward any more until an operator decides; null and false are the same. */
    openParked: boolean("open_parked"),
    /** By which each of the periods was named; null without one, and in rows from before they were kept. */
    schedule: text("schedule"),
    lateSchedule: text("late_schedule"),
    openSchedule: text("open_schedule"),
    /** Which shard wrote the row last, and up to which of its positions the player's operations are in it. */
    shard: text("shard").notNull(),
    applied: position("applied").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.namespace, table.userId, table.goalId] }),
    check(
      "user_goal_progress_status",
      sql`${table.status} IN ('not_started', 'in_progress', 'completed', 'claimed')`,
    ),
  ],
);

/** One row per shard: who may write, and how much of the journal Postgres holds. */
export const shardFence = pgTable("shard_fence", {
  shard: text("shard").primaryKey(),
  /** Random name of the instance that claimed the epoch. */
  owner: text("owner").notNull(),
  epoch: position("epoch").notNull(),
  /** Number of the last flush attempt that committed. */
  flush: position("flush").notNull(),
  /** Every operation of the shard up to this position is in Postgres. */
  upto: position("upto").notNull(),
  /** The highest position in use when that flush was sent; positions are never given twice. */
  high: position("high").notNull(),
});

/** The ledger: one line per grant, for good. */
export const rewardGrant = pgTable(
  "reward_grant",
  {
    grantId: text("grant_id").primaryKey(),
    namespace: text("namespace").notNull(),
    userId: text("user_id").notNull(),
    challengeId: text("challenge_id").notNull(),
    goalId: text("goal_id").notNull(),
    period: text("period"),
    rewardType: text("reward_type").notNull(),
    rewardId: text("reward_id").notNull(),
    quantity: doublePrecision("quantity").notNull(),
    shard: text("shard").notNull(),
    state: text("state").notNull(),
    attempts: integer("attempts").notNull(),
    nextAttemptAt: instant("next_attempt_at"),
    lastError: text("last_error"),
    createdAt: instant("created_at").notNull(),
    grantedAt: instant("granted_at"),
  },
  (table) => [
    index("reward_grant_player").on(table.namespace, table.userId),
    // Small: a grant leaves it when it is settled.
    index("reward_grant_unsettled")
      .on(table.shard, table.grantId)
      .where(sql`${table.state} IN ('pending', 'parked')`),
    // Small too: for the list of what is to be repaired, or was refused. The paid ones are not in it.
    index("reward_grant_unpaid")
      .on(table.namespace, table.grantId)
      .where(sql`${table.state} <> 'granted'`),
    check(
      "reward_grant_state",
      sql`${table.state} IN ('pending', 'granted', 'rejected', 'parked', 'cancelled')`,
    ),
  ],
);

/** Immutable documents; the active one of a namespace has the highest activation number. */
export const catalogVersion = pgTable(
  "catalog_version",
  {
    namespace: text("namespace").notNull(),
    /** SHA-256 of the canonical JSON, lower-case hex. */
    version: text("version").notNull(),
    /** Text, not jsonb: jsonb would not give back the very bytes that the version names. */
    document: text("document").notNull(),
    /** Activation number of the latest activation; null when never activated. */
    seq: position("seq"),
    storedAt: instant("stored_at").notNull().defaultNow(),
    activatedAt: instant("activated_at"),
  },
  (table) => [
    primaryKey({ columns: [table.namespace, table.version] }),
    uniqueIndex("catalog_version_seq").on(table.namespace, table.seq),
  ],
);

/**
 * Operations that could not be written or applied for what they hold; kept for an operator to retry or discard.
 *
 * A settled letter stays: its `applied` keeps a journal that still holds the operations from applying them again.
 */
export const deadLetter = pgTable(
  "dead_letter",
  {
    id: bigserial("id", { mode: "number" }).primaryKey(),
    shard: text("shard").notNull(),
    namespace: text("namespace").notNull(),
    /** Empty once the player is erased. */
    userId: text("user_id").notNull(),
    /** The player's operations up to this position are in its rows, or in this letter. */
    applied: position("applied").notNull(),
    /** Bytes, so that what failed as text or number cannot fail again here. Empty once discarded or erased. */
    payload: bytea("payload").notNull(),
    error: text("error").notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
    state: text("state").notNull().default("open"),
    settledAt: instant("settled_at"),
  },
  (table) => [
    // For every load and every erasure of a player.
    index("dead_letter_player").on(table.namespace, table.userId),
    check("dead_letter_state", sql`${table.state} IN ('open', 'retried', 'discarded')`),
  ],
);

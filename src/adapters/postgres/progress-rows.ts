import type { Reward, Schedule } from "../../core/catalog.ts";
import type { GoalRow, GoalStatus, LateClaim, OpenClaim, PlayerKey } from "../../core/player.ts";
import { double, doubleOrNull, flag, oneOf, text, textOrNull } from "./cells.ts";
import { type Column, milliseconds } from "./columns.ts";

/** A row of user_goal_progress. */
export interface ProgressRow {
  readonly player: PlayerKey;
  readonly row: GoalRow;
  readonly shard: string;
  readonly applied: number;
}

/** user_goal_progress, in the order in which it is written and read. */
export const PROGRESS_COLUMNS: readonly Column<ProgressRow>[] = [
  { name: "namespace", type: "text", value: ({ player }) => player.namespace },
  { name: "user_id", type: "text", value: ({ player }) => player.userId },
  { name: "goal_id", type: "text", value: ({ row }) => row.goalId },
  { name: "challenge_id", type: "text", value: ({ row }) => row.challengeId },
  { name: "status", type: "text", value: ({ row }) => row.status },
  { name: "is_active", type: "bool", value: ({ row }) => row.isActive },
  { name: "raw", type: "float8", value: ({ row }) => row.raw },
  { name: "baseline", type: "float8", value: ({ row }) => row.baseline },
  { name: "progress", type: "float8", value: ({ row }) => row.progress },
  { name: "event_count", type: "int8", value: ({ row }) => row.eventCount },
  { name: "period", type: "text", value: ({ row }) => row.period },
  { name: "period_ends_at", type: "instant", value: ({ row }) => row.periodEndsAt },
  { name: "round", type: "int4", value: ({ row }) => row.round },
  { name: "assigned_at", type: "instant", value: ({ row }) => row.assignedAt },
  { name: "completed_at", type: "instant", value: ({ row }) => row.completedAt },
  { name: "claimed_at", type: "instant", value: ({ row }) => row.claimedAt },
  { name: "last_event_at", type: "instant", value: ({ row }) => row.lastEventAt },
  { name: "last_day", type: "text", value: ({ row }) => row.lastDay },
  { name: "late_period", type: "text", value: ({ row }) => row.lateClaim?.period ?? null },
  {
    name: "late_completed_at",
    type: "instant",
    value: ({ row }) => row.lateClaim?.completedAt ?? null,
  },
  {
    name: "late_reward_type",
    type: "text",
    value: ({ row }) => row.lateClaim?.reward.type ?? null,
  },
  {
    name: "late_reward_id",
    type: "text",
    value: ({ row }) => row.lateClaim?.reward.rewardId ?? null,
  },
  {
    name: "late_quantity",
    type: "float8",
    value: ({ row }) => row.lateClaim?.reward.quantity ?? null,
  },
  { name: "late_round", type: "int4", value: ({ row }) => row.lateClaim?.round ?? null },
  { name: "late_until", type: "instant", value: ({ row }) => row.lateClaim?.until ?? null },
  { name: "open_grant_id", type: "text", value: ({ row }) => row.openClaim?.grantId ?? null },
  { name: "open_period", type: "text", value: ({ row }) => row.openClaim?.period ?? null },
  {
    name: "open_completed_at",
    type: "instant",
    value: ({ row }) => row.openClaim?.completedAt ?? null,
  },
  {
    name: "open_reward_type",
    type: "text",
    value: ({ row }) => row.openClaim?.reward.type ?? null,
  },
  {
    name: "open_reward_id",
    type: "text",
    value: ({ row }) => row.openClaim?.reward.rewardId ?? null,
  },
  {
    name: "open_quantity",
    type: "float8",
    value: ({ row }) => row.openClaim?.reward.quantity ?? null,
  },
  { name: "open_round", type: "int4", value: ({ row }) => row.openClaim?.round ?? null },
  {
    name: "open_started_at",
    type: "instant",
    value: ({ row }) => row.openClaim?.startedAt ?? null,
  },
  { name: "open_until", type: "instant", value: ({ row }) => row.openClaim?.until ?? null },
  { name: "open_parked", type: "bool", value: ({ row }) => row.openClaim?.isParked ?? null },
  { name: "schedule", type: "text", value: ({ row }) => row.schedule },
  { name: "late_schedule", type: "text", value: ({ row }) => row.lateClaim?.schedule ?? null },
  { name: "open_schedule", type: "text", value: ({ row }) => row.openClaim?.schedule ?? null },
  { name: "shard", type: "text", value: ({ shard }) => shard },
  { name: "applied", type: "int8", value: ({ applied }) => applied },
];

/** Select list that `readProgressRow` reads, from user_goal_progress under the name `p`. */
export const PROGRESS_SELECTION = PROGRESS_COLUMNS.map(({ name, type }) => {
  if (type === "instant") return milliseconds(`p.${name}`);
  return type === "int8" ? `p.${name}::float8` : `p.${name}`;
}).join(", ");

/** Reads one answer row of PROGRESS_SELECTION; throws a TypeError when the query and this list disagree. */
export function readProgressRow(cells: readonly unknown[]): ProgressRow {
  const cell = (name: string) => cells[INDEXES.get(name) ?? -1];
  return {
    player: { namespace: text(cell("namespace")), userId: text(cell("user_id")) },
    shard: text(cell("shard")),
    applied: double(cell("applied")),
    row: {
      challengeId: text(cell("challenge_id")),
      goalId: text(cell("goal_id")),
      status: oneOf(STATUSES, cell("status")),
      isActive: flag(cell("is_active")),
      raw: doubleOrNull(cell("raw")),
      baseline: doubleOrNull(cell("baseline")),
      progress: double(cell("progress")),
      eventCount: double(cell("event_count")),
      period: textOrNull(cell("period")),
      schedule: scheduleOrNull(cell("schedule")),
      periodEndsAt: doubleOrNull(cell("period_ends_at")),
      round: double(cell("round")),
      assignedAt: doubleOrNull(cell("assigned_at")),
      completedAt: doubleOrNull(cell("completed_at")),
      claimedAt: doubleOrNull(cell("claimed_at")),
      lastEventAt: doubleOrNull(cell("last_event_at")),
      lastDay: textOrNull(cell("last_day")),
      lateClaim: cell("late_until") === null ? null : readLateClaim(cell),
      openClaim: cell("open_grant_id") === null ? null : readOpenClaim(cell),
    },
  };
}

const STATUSES: readonly GoalStatus[] = ["not_started", "in_progress", "completed", "claimed"];
const SCHEDULES: readonly Schedule[] = ["daily", "weekly", "monthly"];
const REWARD_TYPES: readonly Reward["type"][] = ["ITEM", "WALLET"];
const INDEXES = new Map(PROGRESS_COLUMNS.map(({ name }, index) => [name, index]));

type Cell = (name: string) => unknown;

function readLateClaim(cell: Cell): LateClaim {
  return {
    period: textOrNull(cell("late_period")),
    completedAt: double(cell("late_completed_at")),
    reward: readReward(cell, "late"),
    round: double(cell("late_round")),
    until: double(cell("late_until")),
    ...readSchedule(cell("late_schedule")),
  };
}

function readOpenClaim(cell: Cell): OpenClaim {
  return {
    grantId: text(cell("open_grant_id")),
    period: textOrNull(cell("open_period")),
    completedAt: double(cell("open_completed_at")),
    reward: readReward(cell, "open"),
    round: double(cell("open_round")),
    startedAt: double(cell("open_started_at")),
    until: doubleOrNull(cell("open_until")),
    ...(cell("open_parked") === true ? { isParked: true } : {}),
    ...readSchedule(cell("open_schedule")),
  };
}

function readSchedule(cell: unknown): { readonly schedule?: Schedule } {
  const schedule = scheduleOrNull(cell);
  return schedule === null ? {} : { schedule };
}

function scheduleOrNull(cell: unknown): Schedule | null {
  return cell === null ? null : oneOf(SCHEDULES, cell);
}

function readReward(cell: Cell, prefix: "late" | "open"): Reward {
  return {
    type: oneOf(REWARD_TYPES, cell(`${prefix}_reward_type`)),
    rewardId: text(cell(`${prefix}_reward_id`)),
    quantity: double(cell(`${prefix}_quantity`)),
  };
}

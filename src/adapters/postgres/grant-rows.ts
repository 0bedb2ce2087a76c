import type { Reward } from "../../core/catalog.ts";
import type { GrantLine, GrantState, PlayerKey } from "../../core/player.ts";
import { double, doubleOrNull, oneOf, text, textOrNull } from "./cells.ts";
import { type Column, milliseconds } from "./columns.ts";

/** A row of reward_grant. */
export interface GrantRow {
  readonly player: PlayerKey;
  readonly line: GrantLine;
  readonly shard: string;
}

/** reward_grant, in the order in which it is written and read. */
export const GRANT_COLUMNS: readonly Column<GrantRow>[] = [
  { name: "grant_id", type: "text", value: ({ line }) => line.grantId },
  { name: "namespace", type: "text", value: ({ player }) => player.namespace },
  { name: "user_id", type: "text", value: ({ player }) => player.userId },
  { name: "challenge_id", type: "text", value: ({ line }) => line.challengeId },
  { name: "goal_id", type: "text", value: ({ line }) => line.goalId },
  { name: "period", type: "text", value: ({ line }) => line.period },
  { name: "reward_type", type: "text", value: ({ line }) => line.reward.type },
  { name: "reward_id", type: "text", value: ({ line }) => line.reward.rewardId },
  { name: "quantity", type: "float8", value: ({ line }) => line.reward.quantity },
  { name: "shard", type: "text", value: ({ shard }) => shard },
  { name: "state", type: "text", value: ({ line }) => line.state },
  { name: "attempts", type: "int4", value: ({ line }) => line.attempts },
  { name: "next_attempt_at", type: "instant", value: ({ line }) => line.nextAttemptAt },
  { name: "last_error", type: "text", value: ({ line }) => line.lastError },
  { name: "created_at", type: "instant", value: ({ line }) => line.createdAt },
  { name: "granted_at", type: "instant", value: ({ line }) => line.grantedAt },
];

/** Select list that `readGrantRow` reads, from reward_grant under the name `g`. */
export const GRANT_SELECTION = GRANT_COLUMNS.map(({ name, type }) =>
  type === "instant" ? milliseconds(`g.${name}`) : `g.${name}`,
).join(", ");

/** Reads one answer row of GRANT_SELECTION; throws a TypeError when the query and this list disagree. */
export function readGrantRow(cells: readonly unknown[]): GrantRow {
  const cell = (name: string) => cells[INDEXES.get(name) ?? -1];
  return {
    player: { namespace: text(cell("namespace")), userId: text(cell("user_id")) },
    shard: text(cell("shard")),
    line: {
      grantId: text(cell("grant_id")),
      challengeId: text(cell("challenge_id")),
      goalId: text(cell("goal_id")),
      period: textOrNull(cell("period")),
      reward: {
        type: oneOf(REWARD_TYPES, cell("reward_type")),
        rewardId: text(cell("reward_id")),
        quantity: double(cell("quantity")),
      },
      state: oneOf(STATES, cell("state")),
      attempts: double(cell("attempts")),
      nextAttemptAt: doubleOrNull(cell("next_attempt_at")),
      lastError: textOrNull(cell("last_error")),
      createdAt: double(cell("created_at")),
      grantedAt: doubleOrNull(cell("granted_at")),
    },
  };
}

const REWARD_TYPES: readonly Reward["type"][] = ["ITEM", "WALLET"];
const STATES: readonly GrantState[] = ["pending", "granted", "rejected", "parked", "cancelled"];
const INDEXES = new Map(GRANT_COLUMNS.map(({ name }, index) => [name, index]));

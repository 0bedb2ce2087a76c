import type { PlayerKey } from "../../core/player.ts";
import type { LoadedPlayers } from "../../core/shard-store.ts";
import { double, doubleOrNull, text } from "./cells.ts";
import type { SqlParameter } from "./connect.ts";
import { PROGRESS_COLUMNS, PROGRESS_SELECTION, readProgressRow } from "./progress-rows.ts";

/** Positions of other shards mean nothing here, but that there are letters does. */
const OWN_MARK = "coalesce(max(d.applied) FILTER (WHERE d.shard = $1), 0)::float8";

/**
 * A row of progress with nothing but whose it is and a position: how the mark of a player's letters comes among the rows.
 * Columns of its own would be null in every other row of the answer.
 */
const MARK_SELECTION = PROGRESS_COLUMNS.map(({ name }) => {
  if (name === "namespace" || name === "user_id") return `d.${name}`;
  return name === "applied" ? OWN_MARK : "NULL";
}).join(", ");

/**
 * The epoch comes with the rows, of the same snapshot: rows of another instance's time are not mistaken for ours. The marks
 * come with them too: a letter and what is missing in the rows for it are written in one statement, and read in one.
 */
export const LOAD = `
  SELECT f.epoch::float8, ${PROGRESS_SELECTION}
  FROM shard_fence f
  LEFT JOIN (
    unnest($2::text[], $3::text[]) AS wanted(namespace, user_id)
    JOIN user_goal_progress p USING (namespace, user_id)
  ) ON true
  WHERE f.shard = $1
  UNION ALL
  SELECT NULL, ${MARK_SELECTION}
  FROM unnest($2::text[], $3::text[]) AS wanted(namespace, user_id)
  JOIN dead_letter d USING (namespace, user_id)
  GROUP BY d.namespace, d.user_id`;

/** The parameters of LOAD. */
export function loadParameters(shard: string, players: readonly PlayerKey[]): SqlParameter[] {
  const namespaces = players.map((player) => player.namespace);
  const userIds = players.map((player) => player.userId);
  return [shard, namespaces, userIds];
}

/** Reads the answer to LOAD. */
export function readLoaded(answer: readonly (readonly unknown[])[]): LoadedPlayers {
  let epoch: number | null = null;
  const [rows, marks]: [LoadedPlayers["rows"][number][], LoadedPlayers["marks"][number][]] = [
    [],
    [],
  ];
  for (const [epochCell, ...cells] of answer) {
    epoch ??= doubleOrNull(epochCell);
    const [namespace, userId, goalId] = cells;
    // One row without a player comes when there is a fence and nobody has rows.
    if (namespace === null) continue;
    if (goalId === null) {
      const player = { namespace: text(namespace), userId: text(userId) };
      marks.push({ player, applied: double(cells[APPLIED]) });
    } else rows.push(readProgressRow(cells));
  }
  return { epoch, rows, marks };
}

const APPLIED = PROGRESS_COLUMNS.findIndex(({ name }) => name === "applied");

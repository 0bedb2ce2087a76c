import type { FlushAttempt } from "../../core/shard-store.ts";
import { arraysOf, assignments, names, selected, unnest } from "./columns.ts";
import type { SqlParameter } from "./connect.ts";
import { GRANT_COLUMNS } from "./grant-rows.ts";
import { LETTER_COLUMNS, LETTER_SELECTION } from "./letter-rows.ts";
import { PROGRESS_COLUMNS } from "./progress-rows.ts";

/** Whose grants an erased player's are in the ledger: nobody's, for no player has an empty id. */
const ANONYMOUS_USER = "";

/** Fence first, then the erased players: $7 namespaces, $8 user ids. */
const FIRST_PROGRESS = 9;
const FIRST_GRANT = FIRST_PROGRESS + PROGRESS_COLUMNS.length;
const FIRST_LETTER = FIRST_GRANT + GRANT_COLUMNS.length;

/**
 * Fence, rows, ledger and dead letters in one statement: all of it, or nothing. If the fence does not move, its CTE is
 * empty and so is everything that selects from it. Rows go in key order, so that two writers would lock alike.
 *
 * Of an erased player's letters nothing stays but their marks, and those without a name: the erasure itself is at a later
 * position, so a journal that still holds the operations ends with it.
 */
export const FLUSH = `
  WITH moved AS (
    UPDATE shard_fence SET flush = $3, upto = $5, high = $6
    WHERE shard = $1 AND epoch = $2 AND flush = $4
    RETURNING shard
  ), erased AS (
    SELECT namespace, user_id FROM moved CROSS JOIN unnest($7::text[], $8::text[]) AS e(namespace, user_id)
  ), gone AS (
    DELETE FROM user_goal_progress p USING erased e
    WHERE p.namespace = e.namespace AND p.user_id = e.user_id AND NOT EXISTS (
      SELECT FROM ${unnest(PROGRESS_COLUMNS, FIRST_PROGRESS)}
      WHERE r.namespace = p.namespace AND r.user_id = p.user_id AND r.goal_id = p.goal_id)
  ), unnamed AS (
    UPDATE reward_grant g SET user_id = '${ANONYMOUS_USER}' FROM erased e
    WHERE g.namespace = e.namespace AND g.user_id = e.user_id AND g.state NOT IN ('pending', 'parked')
      AND g.grant_id <> ALL ($${FIRST_GRANT}::text[])
  ), forgotten AS (
    UPDATE dead_letter d
    SET user_id = '${ANONYMOUS_USER}', payload = '', error = 'The player was erased.',
      state = CASE d.state WHEN 'open' THEN 'discarded' ELSE d.state END,
      settled_at = coalesce(d.settled_at, now())
    FROM erased e WHERE d.namespace = e.namespace AND d.user_id = e.user_id
  ), progress AS (
    INSERT INTO user_goal_progress (${names(PROGRESS_COLUMNS)}, updated_at)
    SELECT ${selected(PROGRESS_COLUMNS)}, now()
    FROM moved CROSS JOIN ${unnest(PROGRESS_COLUMNS, FIRST_PROGRESS)}
    ORDER BY r.namespace, r.user_id, r.goal_id
    ON CONFLICT (namespace, user_id, goal_id) DO UPDATE
    SET ${assignments(PROGRESS_COLUMNS, ["namespace", "user_id", "goal_id"])}, updated_at = now()
  ), ledger AS (
    INSERT INTO reward_grant (${names(GRANT_COLUMNS)})
    SELECT ${selected(GRANT_COLUMNS)}
    FROM moved CROSS JOIN ${unnest(GRANT_COLUMNS, FIRST_GRANT)}
    ORDER BY r.grant_id
    ON CONFLICT (grant_id) DO UPDATE
    SET ${assignments(GRANT_COLUMNS, ["grant_id", "namespace", "user_id", "created_at"])},
      user_id = CASE WHEN EXCLUDED.user_id = '${ANONYMOUS_USER}' OR EXCLUDED.state IN ('pending', 'parked')
        THEN EXCLUDED.user_id ELSE reward_grant.user_id END
    WHERE reward_grant.state <> 'granted'
      OR (EXCLUDED.state = 'granted' AND EXCLUDED.user_id = '${ANONYMOUS_USER}')
  ), letters AS (
    INSERT INTO dead_letter (${names(LETTER_COLUMNS)})
    SELECT ${LETTER_SELECTION} FROM moved CROSS JOIN ${unnest(LETTER_COLUMNS, FIRST_LETTER)}
  )
  SELECT count(*)::float8 FROM moved`;

/** The parameters of FLUSH. */
export function flushParameters(attempt: FlushAttempt): SqlParameter[] {
  const { shard, epoch, flush, previous, upto, high } = attempt;
  const rows = attempt.players.flatMap(({ player, applied, rows: goals }) =>
    goals.map((row) => ({ player, row, shard, applied })),
  );
  const grants = attempt.players.flatMap(({ player, grants: lines }) =>
    lines.map((line) => ({
      player: line.isAnonymous === true ? { ...player, userId: ANONYMOUS_USER } : player,
      line,
      shard,
    })),
  );
  const letters = attempt.players.flatMap(({ player, applied, letters: drafts }) =>
    drafts.map((draft) => ({ player, shard, applied, draft })),
  );
  const erased = attempt.players.filter(({ isErased }) => isErased).map(({ player }) => player);
  return [
    shard,
    epoch,
    flush,
    previous,
    upto,
    high,
    erased.map((player) => player.namespace),
    erased.map((player) => player.userId),
    ...arraysOf(PROGRESS_COLUMNS, rows),
    ...arraysOf(GRANT_COLUMNS, grants),
    ...arraysOf(LETTER_COLUMNS, letters),
  ];
}

/**
 * What the parts of an operation take, measured. Each figure names the command that measures it; those that a test holds
 * change only together with it.
 */

/**
 * Rows written in a shard's own SQLite, as workerd's cursors count them and Cloudflare bills them.
 *
 * Held by test/worker/sqlite-rows.worker.test.ts.
 */
export const SQLITE_ROWS = {
  /** `journal` and `seen`, each once written and once deleted; however many operations the group holds. */
  perGroup: 4,
  /** `fence_seen` and `journal_end`, for each statement that moved the fence. */
  perFlush: 2,
  /** One `setAlarm`. */
  perAlarm: 1,
  /** Two groups (started, settled), `open_grant` written and deleted, and the first answer, which was "pending", replaced. */
  perClaim: 11,
  /** After a change of SHARD_COUNT: `moved_player` twice, `arrived_player`, a row of `seen` written and deleted. */
  perMovedPlayer: 5,
} as const;

/**
 * What a flushed row takes in Postgres, with 4 changed goals for each player, players scattered over the table.
 *
 * The bytes of WAL are held by src/adapters/postgres/flush-wal.pg.test.ts; vanilla Postgres without full-page images, as far
 * as they can be avoided: one after a checkpoint takes 1.5 to 8 KB. Whether Neon writes them is not known.
 */
export const POSTGRES_ROW = {
  walBytesInserted: 360,
  walBytesUpdated: 200,
} as const;

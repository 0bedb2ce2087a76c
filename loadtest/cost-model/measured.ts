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
  /** Read by the same four statements. */
  readPerGroup: 4,
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
 * The bytes are held by src/adapters/postgres/flush-wal.pg.test.ts; vanilla Postgres without full-page images, as far
 * as they can be avoided: one after a checkpoint takes 1.5 to 8 KB. Whether Neon writes them is not known.
 */
export const POSTGRES_ROW = {
  walBytesInserted: 360,
  /** Heap at fillfactor 60, and the entry of the index. */
  storedBytes: 355,
  walBytesUpdated: 200,
  /** 1,000 scattered rows over some 270 page images; the fewer rows of a page change, the more it is, up to 8 KB. */
  walBytesAfterCheckpoint: 1_700,
} as const;

/**
 * CPU of one core, fitted to `npm run bench:costs` on a 2-core machine (AMD EPYC, 2026-11-25, one shard, batches of different
 * players): requests with 1, 20 and 100 events took workerd 0.24, 0.62 and 1.34 ms, where this says 0.24, 0.43 and 1.23. What a call to the
 * platform's rate limits takes is not in it.
 *
 * Worker, objects and flushes share one thread there, so how it divides between Worker and object is an estimate.
 */
export const CPU = {
  workerMsPerRequest: 0.12,
  workerMsPerEvent: 0.005,
  objectMsPerCall: 0.11,
  objectMsPerEvent: 0.005,
  /** `flush-wal.pg.test.ts` prints 8 to 12 ms for 1,000 updated rows, and 0.5 ms to plan them. */
  postgresMsPerRow: 0.01,
  /** Planning, and an estimate for the connection and the parameters. */
  postgresMsPerStatement: 2,
} as const;

/** Sizes in bytes. */
export const SIZES = {
  /** 16 of the id and 4 of its player's tag; the row around a group's ids is small beside them. */
  rememberedIdBytes: 20,
  /** One number as JSON and the headers: assumed. */
  flushAnswerBytes: 600,
  /** An invocation log with its request and the attributes that the platform adds: assumed. */
  logEventBytes: 1_000,
} as const;

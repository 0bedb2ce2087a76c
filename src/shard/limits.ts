/** Limits inside a shard; each with its unit and its reason. Those that callers meet are in `core/limits.ts`. */

/**
 * A group waits this long for more calls: one durable write costs about as much for 1 as for 100 operations. Every write of a
 * player waits for it, a claim for two. With 5 ms an event took 1 to 3 ms more at the 95th percentile and a claim 5 to 7, for
 * fewer rows: by a third where one shard has 1,000 events a second, by a seventh where 8 share them.
 */
export const GROUP_WAIT_MS = 3;
/** A group closes early here: a SQLite row of a Durable Object holds 2 MB. */
export const GROUP_BYTES_MAX = 1_000_000;

/** An event waits this long for its player to be loaded, then it is journaled unapplied. */
export const EVENT_LOAD_WAIT_MS = 250;
/** A read or a command waits this long, then it is refused: it cannot be answered without the player. */
export const LOAD_WAIT_MS = 5_000;
/** Players per load statement; at 24 goals a player that is about 5,000 rows of answer. */
export const LOAD_PLAYERS_MAX = 200;

/** Rows per flush statement: measured best between 500 and 2,000. One player's rows are never split. */
export const FLUSH_ROWS_MAX = 2_000;
/**
 * So many times the rows, after a statement that got through and had no room for all: on a thread that is busy with calls each
 * answer of Postgres waits its turn, so that what a shard gets rid of depends on how much a statement takes. 8,000 rows are 2 MiB, 7 with
 * the longest ASCII ids; what Neon finds too large (10 MiB in its open-source proxy) is followed by a statement of normal size.
 */
export const FLUSH_BEHIND_FACTOR = 4;
/** Players per flush statement, also when their operations changed no row. */
export const FLUSH_PLAYERS_MAX = 2_000;
/** Operations in one dead letter, and characters of them: an operator reads it, a retry sends it in one call. */
export const LETTER_OPERATIONS_MAX = 2_000;
export const LETTER_BYTES_MAX = 1_000_000;
/**
 * Letters in a row, without a row of anybody in between that Postgres took. Beyond it the players are not to blame, but a
 * schema that somebody changed, say: nobody's progress should end in letters for that.
 */
export const LETTERS_IN_A_ROW_MAX = 10;
/** A player whom no flush can take, not even with a letter, is tried again after this long: somebody has to repair that. */
export const SET_ASIDE_MS = 60_000;
/** Flushes whose end is unknown, all after the same committed one; each holds a name and a position per player. */
export const OPEN_FLUSHES_MAX = 50;
/** A statement without an answer after this long is unknown; a healthy one takes milliseconds. */
export const STATEMENT_TIMEOUT_MS = 5_000;
/** Longest pause between attempts while Postgres is away. */
export const BACKOFF_MAX_MS = 10_000;
/** A pass ends here and the next alarm goes on: the platform ends an alarm after 15 minutes, whatever it was doing. */
export const PASS_MS_MAX = 30_000;
/** A pass that has not ended by then was ended by the platform: another one may start. */
export const PASS_LOST_MS = 300_000;
/** An alarm this long past its time is taken for lost, and armed again. */
export const ALARM_OVERDUE_MS = 5_000;

/**
 * Operations that Postgres does not contain yet, unless the var JOURNAL_OPERATIONS_MAX says another number. Beyond it the shard
 * refuses: what cannot be kept is not acknowledged.
 */
export const JOURNAL_OPERATIONS_MAX = 200_000;
/** The same in bytes of journal; an object's storage holds far more, its replay at start should not take minutes. */
export const JOURNAL_BYTES_MAX = 64_000_000;
/** Players that hold changes which Postgres lacks: they cannot be evicted. */
export const DIRTY_PLAYERS_MAX = 20_000;
/** Estimated bytes of such players; an isolate has 128 MB, shared by several objects. */
export const DIRTY_BYTES_MAX = 32_000_000;
/** Estimated bytes of all players in memory; beyond it clean ones are evicted, the least recently used first. */
export const RESIDENT_BYTES_MAX = 16_000_000;
/** Calls that wait at one time. The design asks for at least 2,000. */
export const CALLS_IN_FLIGHT_MAX = 4_000;
/** What a refused caller is told to wait: one flush later the backlog is shorter. */
export const OVERLOAD_RETRY_SECONDS = 1;

/** Calls to the reward service at one time: an object has six outgoing connections, and the flush needs one. */
export const GRANTS_IN_FLIGHT_MAX = 2;
/** How long a claim's request waits for its grant before it is answered "pending". */
export const CLAIM_WAIT_MS = 2_000;
/** First pause before a grant is tried again; it doubles up to the longest. */
export const GRANT_RETRY_FIRST_MS = 250;
export const GRANT_RETRY_MAX_MS = 60_000;
/** A try is noted in the ledger when the pause after it is at least this long: the first few pass within seconds. */
export const GRANT_TRY_NOTED_PAUSE_MS = 4_000;
/** Tries of all grants of a shard are noted at most this often: each makes a player dirty. */
export const GRANT_TRY_NOTED_EVERY_MS = 100;
/** How long a repair waits for Postgres to have it: a flush and its statement; then it answers anyway. */
export const REPAIR_WAIT_MS = 3_000;
export const REPAIR_POLL_MS = 50;
/** What callers of a shard that waits for an operator are told to wait: people take minutes. */
export const SET_BACK_RETRY_SECONDS = 30;
/** Tries to claim a fence before the caller is told to come again: each loss means that another instance was alive just now. */
export const CLAIM_TRIES_MAX = 5;
/** How long after its answer a resumed instance ends: the answer must get out first. */
export const RESUME_RESTART_MS = 100;
/** Characters kept of why a reward was refused: it is journaled, stored and shown. */
export const GRANT_REASON_LENGTH_MAX = 300;

/** Players per call between a newer and an older shard: the answer holds all their ids of the window. */
export const HAND_OVER_PLAYERS_MAX = 100;
/** A player who arrives is loaded once its older shard has flushed it, which takes a second; a loader waits this long. */
export const SETTLING_WAIT_MS = 2_500;
/** Pauses between the questions whether it has. */
export const SETTLING_PAUSE_FIRST_MS = 50;
export const SETTLING_PAUSE_MAX_MS = 400;

/** Positions of a generation start here times the generation, so that none is ever given twice. */
export const POSITIONS_PER_GENERATION = 2 ** 40;

/**
 * The limits that callers meet, published at /v1/limits.
 *
 * Each is named with its unit. Limits inside a shard are in `shard/limits.ts`.
 */

/** Items of one POST /v1/events; a game server's frame of a few hundred players fits. */
export const EVENTS_PER_REQUEST_MAX = 500;
/** Body of POST /v1/events after gunzip. 500 events take about 100 KB; a body is parsed in memory. */
export const EVENTS_BODY_BYTES_MAX = 1_048_576;
/** Body of every other player command; the largest one names 100 goals. */
export const COMMAND_BODY_BYTES_MAX = 65_536;
/** A catalog document; 5,000 goals at about 450 bytes are 2.3 MB. */
export const CATALOG_BYTES_MAX = 8 * 1_048_576;
export const CATALOG_GOALS_MAX = 5_000;
/** Depth of nested arrays and objects in any JSON body: the deepest contract is a catalog with 7. */
export const JSON_DEPTH_MAX = 32;
/** User ids, challenge ids, goal ids, stat codes and reward ids, in characters. */
export const ID_LENGTH_MAX = 100;
export const EVENT_ID_LENGTH_MAX = 128;
export const IDEMPOTENCY_KEY_LENGTH_MAX = 128;
/** An event may be stamped this far ahead: clocks of game servers drift. */
export const EVENT_FUTURE_SECONDS_MAX = 300;
/** An older event is refused: no goal of today should move by last week's replay. */
export const EVENT_AGE_SECONDS_MAX = 7 * 86_400;
/** Goals named by one batch-select or drawn by one random-select. */
export const SELECT_GOALS_MAX = 100;

/**
 * What one player may cost the shard, counted there: exactly, and wherever the requests came in. The rate limits below are
 * counted per location and approximately, so that a player at many locations passes them. Events of game servers count
 * against none of these.
 */
export const PLAYER_LIMITS = {
  /** More than the rate limit of one location lets through within any ten seconds (twice 100), so an honest player meets that one. */
  commands: { requests: 250, seconds: 10 },
  /** Calls at one time. A claim waits 2 s for its reward, a load up to 5 s: without a bound one player fills the shard's 4,000. */
  callsInFlight: 128,
  /** Operations that Postgres lacks, before the player's next command waits: a twentieth of what the journal takes by default. */
  operationsNotStored: 10_000,
} as const;

/** Static figures of wrangler.toml, where the platform counts them; a test compares the two. */
export const RATE_LIMITS = {
  player: { requests: 100, seconds: 10 },
  server: { requests: 50_000, seconds: 10 },
  public: { requests: 300, seconds: 10 },
} as const;
/** Lines of the ledger in one answer of GET /v1/admin/grants. */
export const GRANTS_PER_PAGE_MAX = 100;

/** Dead letters in one answer; each may be large, and is read as a whole. */
export const DEAD_LETTERS_PER_PAGE_MAX = 20;
/** Operations of one letter that a list shows: enough to see what it is about. A retry takes all of them. */
export const LETTER_OPERATIONS_SHOWN_MAX = 100;

/**
 * Upper ends of histogram buckets, milliseconds. Fixed: a change makes old and new figures incomparable. Chosen around what
 * an alarm asks for (docs/operations.md), and few, since each is a series per shard.
 */

/** Requests: a read takes single milliseconds, a claim waits up to 2 s for its reward, a load up to 5 s. */
export const REQUEST_BOUNDS_MS = [5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000] as const;
/** One flush statement: milliseconds when all is well, given up after 5 s. */
export const FLUSH_BOUNDS_MS = [5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000] as const;
/** How far Postgres was behind: one flush interval as a rule, as long as an outage at worst. */
export const LAG_BOUNDS_MS = [
  250, 500, 1_000, 1_500, 2_000, 3_000, 5_000, 10_000, 30_000, 60_000, 600_000, 3_600_000,
] as const;

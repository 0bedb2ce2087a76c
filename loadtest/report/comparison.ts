/** One line of the published comparison. Latencies are p95 in milliseconds. */
export interface LatencyRow {
  readonly name: string;
  /** The endpoint's name in the generator. */
  readonly endpoint: string;
  /** The target that the Go system had published for itself; null where it had none. */
  readonly publishedMs: number | null;
  /** What its published run came to. */
  readonly goMs: number | null;
  readonly targetMs: number;
}

/**
 * The Go system's published run, its targets, and ours.
 *
 * Its run: a minute of initialise at 600/s, then 30 minutes of 300 API requests/s and 500 events/s, 500 goals, 10,000 players.
 * Its events were acknowledged before they were stored. Our targets are for 2 cores shared with generator and Postgres.
 */
export const LATENCY_ROWS: readonly LatencyRow[] = [
  row("initialise, new player", "initialise, new player", 50, 12_720, 50),
  row("initialise, returning", "initialise, returning", 10, 1_700, 10),
  row("challenges, 500 goals", "challenges, full", 200, 249, 10),
  row("challenges, active only", "challenges, active only", 200, 249, 8),
  row("challenges, not modified", "challenges, not modified", null, null, 5),
  row("set active", "set active", 100, 526, 15),
  row("claim", "claim", null, null, 25),
  row("event acknowledged", "event", 500, 28.5, 15),
];

/** The share of requests that succeed. */
export const SUCCESS = { published: 0.9995, go: 0.9989, target: 1 } as const;
/** Postgres is behind by at most this, p99. */
export const LAG_TARGET_MS = 2_000;
/** Last good step of the ladders, in multiples of 300 requests/s + 500 events/s. */
export const KNEE_TARGETS: Readonly<Record<string, number>> = {
  "single events": 5,
  "batches of 20": 8,
};
/** Acknowledged events per second, by scenario and phase. */
export const EVENT_RATE_TARGETS: Readonly<Record<string, number>> = {
  "events/single": 3_000,
  "events/batches of 100": 50_000,
  "events/batches of 500": 100_000,
  "ingest/requests and ingest": 20_000,
};

function row(
  name: string,
  endpoint: string,
  publishedMs: number | null,
  goMs: number | null,
  targetMs: number,
): LatencyRow {
  return { name, endpoint, publishedMs, goMs, targetMs };
}

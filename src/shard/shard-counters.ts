import { BoundedMap } from "../core/bounded-map.ts";
import { Histogram } from "../core/histogram.ts";
import { FLUSH_BOUNDS_MS, LAG_BOUNDS_MS } from "../core/metric-bounds.ts";
import { RequestCounter, type RequestCounts } from "../core/request-counter.ts";
import type { RequestDelta } from "../core/request-tally.ts";
import type { ShardCounts } from "../core/shard-metrics.ts";
import type { LogEvents } from "../log-events.ts";
import type { ShardEventResult, ShardOutcome } from "./handed-over.ts";
import type { ShardLog } from "./ports.ts";

/** Isolates whose last delta is remembered, the newest. A forgotten one whose answer was lost would count a second twice. */
const ISOLATES_MAX = 2_000;

/** Which call was refused. */
export type CallKind = "events" | "command" | "read";

/** Those of a shard's counts that its parts do not keep themselves. */
type OwnCounts = Omit<ShardCounts, "dedupHits" | "loads" | "loadedPlayers">;

/**
 * Counts what a shard does, in memory: from its log lines, and from what its calls are answered.
 *
 * Costs a few additions per call; nothing of it is stored, a new instance begins at 0.
 */
export class ShardCounters {
  readonly #requests = new RequestCounter();
  readonly #lastDelta = new BoundedMap<string, number>(ISOLATES_MAX);
  readonly #flushDurations = new Histogram(FLUSH_BOUNDS_MS);
  readonly #lags = new Histogram(LAG_BOUNDS_MS);
  readonly #refusals = new Map<string, number>();
  readonly #events = { accepted: 0, duplicate: 0, ignored: 0, rejected: 0 };
  readonly #grants = { granted: 0, rejected: 0, unknown: 0, deferred: 0 };
  #flushes = 0;
  #flushedRows = 0;
  #flushFailures = 0;
  #loadFailures = 0;
  #fenceClaims = 0;
  #deadLetters = 0;

  /** Takes over what a Worker counted, once: a delta that came before is known by its number. */
  absorb(delta: RequestDelta | null): void {
    if (delta === null) return;
    const { isolate, number, counts } = delta;
    if (number <= (this.#lastDelta.get(isolate) ?? 0)) return;
    this.#lastDelta.set(isolate, number);
    this.#requests.add(counts);
  }

  /** A log that counts what passes through it. */
  counting(log: ShardLog): ShardLog {
    return (event, fields) => {
      this.#note({ [event]: fields });
      log(event, fields);
    };
  }

  /** Counts what a call with events is answered, and passes it on. */
  async events<T extends ShardOutcome<ShardEventResult[]>>(call: Promise<T>): Promise<T> {
    const outcome = await this.call("events", call);
    if (!outcome.ok) return outcome;
    // Who moved is counted where the event goes instead.
    for (const { status, movedTo } of outcome.value) {
      if (movedTo === undefined) this.#events[status]++;
    }
    return outcome;
  }

  /** Counts a refusal, and passes the answer on. What the rules refuse is no matter of the shard's. */
  async call<T extends ShardOutcome<unknown>>(kind: CallKind, call: Promise<T>): Promise<T> {
    const outcome = await call;
    if (!outcome.ok && SHARD_CODES.has(outcome.failure.code)) {
      const key = `${kind} ${outcome.failure.code}`;
      this.#refusals.set(key, (this.#refusals.get(key) ?? 0) + 1);
    }
    return outcome;
  }

  get counted(): OwnCounts {
    return {
      events: { ...this.#events },
      loadFailures: this.#loadFailures,
      flushes: this.#flushes,
      flushedRows: this.#flushedRows,
      flushFailures: this.#flushFailures,
      fenceClaims: this.#fenceClaims,
      deadLetters: this.#deadLetters,
      refusals: Object.fromEntries(this.#refusals),
      grants: { ...this.#grants },
      flushDurations: this.#flushDurations.counted,
      lags: this.#lags.counted,
    };
  }

  get requests(): RequestCounts {
    return this.#requests.counted;
  }

  #note({ flush, grant, ...others }: Partial<LogEvents>): void {
    if (flush !== undefined) {
      this.#flushes++;
      this.#flushedRows += flush.rows;
      this.#flushDurations.observe(flush.milliseconds);
      this.#lags.observe(flush.lagMs);
    }
    if (grant !== undefined) this.#grants[grant.outcome]++;
    if (others["flush-failed"] !== undefined) this.#flushFailures++;
    if (others["load-failed"] !== undefined) this.#loadFailures++;
    if (others["fence-claimed"] !== undefined) this.#fenceClaims++;
    this.#deadLetters += others["dead-letter-written"]?.letters ?? 0;
  }
}

/** Refusals that say how the shard is doing. */
const SHARD_CODES: ReadonlySet<string> = new Set([
  "SHARD_OVERLOADED",
  "RATE_LIMITED",
  "DATABASE_UNAVAILABLE",
  "NO_CATALOG",
]);

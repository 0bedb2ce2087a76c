/** Buckets per doubling: a value is off by at most 1/64 of itself, about 1.6 %. */
const STEPS_PER_DOUBLING = 64;
/** The finest step, below which everything is one bucket. */
const LEAST_MS = 0.01;
/** 0.01 ms × 2^24 is about 168 s, beyond every time limit. */
const DOUBLINGS = 24;

/** What a histogram is sent as between processes. */
export interface HistogramData {
  readonly count: number;
  readonly sumMs: number;
  readonly maxMs: number;
  /** Pairs of bucket and count, empty buckets left out. */
  readonly buckets: readonly (readonly [number, number])[];
}

/** Counts durations so that percentiles over millions of them cost a few KiB; merges without loss. */
export class Histogram {
  readonly #counts = new Map<number, number>();
  #count = 0;
  #sumMs = 0;
  #maxMs = 0;

  static from(data: HistogramData): Histogram {
    const histogram = new Histogram();
    histogram.merge(data);
    return histogram;
  }

  get count(): number {
    return this.#count;
  }

  get maxMs(): number {
    return this.#maxMs;
  }

  get meanMs(): number {
    return this.#count === 0 ? Number.NaN : this.#sumMs / this.#count;
  }

  add(milliseconds: number, times = 1): void {
    const bucket = bucketOf(milliseconds);
    this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + times);
    this.#count += times;
    this.#sumMs += milliseconds * times;
    this.#maxMs = Math.max(this.#maxMs, milliseconds);
  }

  merge(data: HistogramData): void {
    for (const [bucket, count] of data.buckets) {
      this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + count);
    }
    this.#count += data.count;
    this.#sumMs += data.sumMs;
    this.#maxMs = Math.max(this.#maxMs, data.maxMs);
  }

  /** The value that a share of all values does not exceed, rounded up to its bucket; NaN when there is none. */
  percentile(share: number): number {
    const rank = Math.ceil(this.#count * share);
    let seen = 0;
    for (const [bucket, count] of [...this.#counts].toSorted(([a], [b]) => a - b)) {
      seen += count;
      if (seen >= rank) return Math.min(upperEdge(bucket), this.#maxMs);
    }
    return Number.NaN;
  }

  data(): HistogramData {
    const buckets = [...this.#counts];
    return { count: this.#count, sumMs: this.#sumMs, maxMs: this.#maxMs, buckets };
  }
}

function bucketOf(milliseconds: number): number {
  if (milliseconds <= LEAST_MS) return 0;
  const bucket = Math.ceil(Math.log2(milliseconds / LEAST_MS) * STEPS_PER_DOUBLING);
  return Math.min(bucket, DOUBLINGS * STEPS_PER_DOUBLING);
}

function upperEdge(bucket: number): number {
  return LEAST_MS * 2 ** (bucket / STEPS_PER_DOUBLING);
}

/** What a histogram has counted; plain data, it crosses RPC. Its bounds are known to both sides by its name. */
export interface HistogramCounts {
  /** Observations per bucket, not cumulated: one for each bound, and one for what is above all of them. */
  readonly counts: readonly number[];
  readonly sum: number;
}

/** Counts observations in fixed buckets. A value that equals a bound belongs to it, as in OpenMetrics. */
export class Histogram {
  readonly #bounds: readonly number[];
  readonly #counts: number[];
  #sum = 0;

  /** `bounds`: upper ends of the buckets, ascending, in the unit of the observations. */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = Array.from({ length: bounds.length + 1 }, () => 0);
  }

  observe(value: number): void {
    let bucket = 0;
    while (bucket < this.#bounds.length && value > (this.#bounds[bucket] ?? Infinity)) bucket++;
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#sum += value;
  }

  /** Adds what another histogram of the same bounds has counted; buckets that this one lacks go into the last. */
  add({ counts, sum }: HistogramCounts): void {
    const last = this.#counts.length - 1;
    for (const [index, count] of counts.entries()) {
      const bucket = Math.min(index, last);
      this.#counts[bucket] = (this.#counts[bucket] ?? 0) + count;
    }
    this.#sum += sum;
  }

  /** A copy of what was counted. */
  get counted(): HistogramCounts {
    return { counts: [...this.#counts], sum: this.#sum };
  }
}

import * as z from "zod";

import { PERCENTILES, percentileName } from "../k6/names.ts";
import { Histogram } from "../measure/histogram.ts";

const SUMMARY = z.object({
  metrics: z.record(z.string(), z.object({ values: z.record(z.string(), z.number()) })),
});

/** What `handleSummary` was given, by the metric's name; with a tag as `name{tag:value}`. */
export class K6Summary {
  readonly #metrics: z.infer<typeof SUMMARY>["metrics"];

  /** Throws when it is not k6's summary. */
  constructor(text: string) {
    this.#metrics = SUMMARY.parse(JSON.parse(text)).metrics;
  }

  /** A counter's total; 0 when nothing was counted. */
  count(metric: string): number {
    return this.#metrics[metric]?.values["count"] ?? 0;
  }

  /** A gauge's highest value; 0 when there is none. */
  highest(metric: string): number {
    return this.#metrics[metric]?.values["max"] ?? 0;
  }

  /** A trend's values. */
  latency(metric: string): Histogram {
    return distribution(this.#metrics[metric]?.values ?? {});
  }
}

/**
 * The distribution behind k6's percentiles, which are all that it gives away.
 *
 * As many values as k6 had; exact, up to a bucket's width, at those percentiles, and in between at most one step too high.
 */
function distribution(values: Readonly<Record<string, number>>): Histogram {
  const histogram = new Histogram();
  const count = values["count"] ?? 0;
  let counted = 0;
  for (const percent of PERCENTILES) {
    const value = values[percentileName(percent)];
    const upTo = Math.ceil((count * percent) / 100);
    if (value === undefined || upTo <= counted) continue;
    histogram.add(value, upTo - counted);
    counted = upTo;
  }
  const most = values["max"];
  if (most !== undefined && count > counted) histogram.add(most, count - counted);
  return histogram;
}

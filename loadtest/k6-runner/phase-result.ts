import type { EndpointResult, WindowResult } from "../generator/plan.ts";
import {
  COUNTERS,
  latencyMetric,
  tagged,
  windowCount,
  windowSeconds,
  windowTag,
} from "../k6/names.ts";
import type { Segment } from "../k6/streams.ts";
import { Histogram } from "../measure/histogram.ts";
import type { Failure } from "./failures.ts";
import type { K6Summary } from "./read-summary.ts";

/** Answers and acknowledged events of a stretch of time. */
export interface Stretch {
  readonly fromSeconds: number;
  readonly seconds: number;
  readonly requests: number;
  readonly events: number;
}

/** What the summary says of one phase. */
export interface PhaseResult {
  readonly endpoints: readonly EndpointResult[];
  readonly windows: readonly WindowResult[];
  readonly stretches: readonly Stretch[];
}

/** Reads a phase's figures; `startsAtSeconds` counts from the start of the whole run. */
export function phaseResult(
  { index, phase }: Segment["phases"][number],
  endpoints: readonly string[],
  summary: K6Summary,
  failures: readonly Failure[],
  startsAtSeconds: number,
): PhaseResult {
  const width = windowSeconds(phase.seconds);
  const windows = Array.from({ length: windowCount(phase.seconds) }, (_, window) => ({
    atSeconds: startsAtSeconds + window * width,
    seconds: Math.min(width, phase.seconds - window * width),
    tag: windowTag(index, window),
  }));
  const measured = endpoints.flatMap((endpoint) =>
    windows.map(({ atSeconds, tag }) => {
      const latency = summary.latency(tagged(latencyMetric(endpoint), "window", tag));
      return { endpoint, atSeconds, latency };
    }),
  );
  return {
    endpoints: endpoints.flatMap((endpoint) => {
      const latency = new Histogram();
      for (const of of measured) if (of.endpoint === endpoint) latency.merge(of.latency.data());
      const failed = failures
        .filter((each) => each.phaseIndex === index && each.endpoint === endpoint)
        .reduce((sum, { count }) => sum + count, 0);
      if (latency.count + failed === 0) return [];
      const { name } = phase;
      return { phase: name, endpoint, latency: latency.data(), failures: failed, bytes: null };
    }),
    windows: measured
      .filter(({ latency }) => latency.count > 0)
      .map(({ endpoint, atSeconds, latency }) => ({
        endpoint,
        atSeconds,
        count: latency.count,
        p50Ms: latency.percentile(0.5),
        p95Ms: latency.percentile(0.95),
      })),
    stretches: windows.map(({ atSeconds, seconds, tag }) => ({
      fromSeconds: atSeconds,
      seconds,
      requests: measured
        .filter((each) => each.atSeconds === atSeconds)
        .reduce((sum, { latency }) => sum + latency.count, 0),
      events: summary.count(tagged(COUNTERS.events, "window", tag)),
    })),
  };
}

/** The stretches second by second, each spread evenly. */
export function perSecondOf(
  stretches: readonly Stretch[],
): { readonly requests: number; readonly events: number }[] {
  const end = Math.max(0, ...stretches.map(({ fromSeconds, seconds }) => fromSeconds + seconds));
  const perSecond = Array.from({ length: Math.ceil(end) }, () => ({ requests: 0, events: 0 }));
  for (const { fromSeconds, seconds, requests, events } of stretches) {
    const from = Math.floor(fromSeconds);
    for (const second of perSecond.slice(from, from + seconds)) {
      second.requests += requests / seconds;
      second.events += events / seconds;
    }
  }
  return perSecond;
}

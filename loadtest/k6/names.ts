import type { Scenario, Stream } from "../scenarios/scenario.ts";

const COMMON = [
  "initialise, new player",
  "initialise, returning",
  "challenges, full",
  "challenges, active only",
  "challenges, not modified",
  "set active",
  "claim",
  "event",
  "progress",
] as const;

/** The endpoints that a scenario's report may name. */
export function endpointsOf({ phases }: Scenario): string[] {
  const batches = phases
    .flatMap(({ streams }) => streams.map(({ batch = 1 }) => batch))
    .filter((batch) => batch > 1);
  return [...COMMON, ...[...new Set(batches)].map(batchEndpoint)];
}

/** The endpoint of a request with so many events. */
export function batchEndpoint(batch: number): string {
  return batch === 1 ? "event" : `events, ${batch} at once`;
}

/** The endpoint that an arrival asks first; where one was not sent, it counts as a failure of that. */
export function endpointOf({ action, batch = 1 }: Stream): string {
  switch (action) {
    case "initialize-next":
    case "session":
      return "initialise, new player";
    case "initialize":
      return "initialise, returning";
    case "challenges":
      return "challenges, full";
    case "challenges-active":
      return "challenges, active only";
    case "challenges-conditional":
      return "challenges, not modified";
    case "set-active":
      return "set active";
    case "claim":
      return "claim";
    case "events":
      return batchEndpoint(batch);
    case "visibility":
      return "progress";
  }
}

/** An endpoint's name as k6 takes it in the names of metrics and the values of tags. */
export function slugOf(endpoint: string): string {
  return endpoint.replaceAll(/[^a-z0-9]+/g, "_");
}

/** The metric that counts an endpoint's latencies. */
export function latencyMetric(endpoint: string): string {
  return `latency_${slugOf(endpoint)}`;
}

/** Charts have a point every five seconds; a long phase has fewer, since k6 compares each sample with each window. */
const WINDOW_SECONDS_MIN = 5;
const WINDOWS_PER_PHASE_MAX = 40;

/** How long the stretches are that the latencies of a phase are told apart by. */
export function windowSeconds(phaseSeconds: number): number {
  return Math.max(WINDOW_SECONDS_MIN, Math.ceil(phaseSeconds / WINDOWS_PER_PHASE_MAX));
}

/** How many of them a phase has. Answers that come later count in the last one. */
export function windowCount(phaseSeconds: number): number {
  return Math.ceil(phaseSeconds / windowSeconds(phaseSeconds));
}

/** The value of the tag `window`. */
export function windowTag(phaseIndex: number, window: number): string {
  return `${phaseIndex}.${window}`;
}

/** Names of the counters that the runner reads: k6's own, and ours. */
export const COUNTERS = {
  iterations: "iterations",
  dropped: "dropped_iterations",
  events: "events_acknowledged",
  claims: "claims_acknowledged",
  resends: "requests_sent_again",
} as const;

/** k6's name of that part of a metric which has the tag. */
export function tagged(metric: string, tag: "window" | "scenario" | "endpoint", value: string) {
  return `${metric}{${tag}:${value}}`;
}

/** The percentiles that k6 writes of every latency, in per cent: enough of them to put a distribution together again. */
export const PERCENTILES: readonly number[] = [
  ...Array.from({ length: 99 }, (_, index) => index + 1),
  ...Array.from({ length: 9 }, (_, index) => Number((99.1 + index / 10).toFixed(1))),
  99.95,
  99.99,
];

/** k6's name of a percentile. */
export function percentileName(percent: number): string {
  return `p(${percent})`;
}

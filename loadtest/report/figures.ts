import type { GeneratorResult } from "../generator/plan.ts";
import { Histogram } from "../measure/histogram.ts";
import type { Sample } from "../measure/sampler.ts";

/** Phases in which players are only made ready are named so. */
const PREPARING = "initialise";

/** The latencies of an endpoint under the scenario's own load; a new player's initialise is that load wherever it comes. */
export function latencyOf(result: GeneratorResult, endpoint: string): Histogram {
  const histogram = new Histogram();
  for (const of of result.endpoints) {
    const counts = of.phase !== PREPARING || endpoint === "initialise, new player";
    if (of.endpoint === endpoint && counts) histogram.merge(of.latency);
  }
  return histogram;
}

/** The share of all requests that were answered as they should be; NaN when there was none. */
export function successShare(result: GeneratorResult): number {
  const total = result.endpoints.reduce((sum, { latency }) => sum + latency.count, 0);
  const failures = result.endpoints.reduce((sum, each) => sum + each.failures, 0);
  return (total - failures) / total;
}

/** Acknowledged events per second in a phase. */
export function eventsPerSecond(result: GeneratorResult, phase: string): number {
  const found = result.phases.find(({ name }) => name === phase);
  if (found === undefined) return 0;
  const second = (atMs: number) => Math.round((atMs - result.startedAtMs) / 1000);
  const [from, to] = [second(found.startsAtMs), second(found.endsAtMs)];
  const events = result.perSecond.slice(from, to).reduce((sum, each) => sum + each.events, 0);
  return events / Math.max(1, to - from);
}

/** How far Postgres was behind: that share of the looks saw it at most so far. */
export function lagPercentile(samples: readonly Sample[], share: number): number {
  const lags = samples.flatMap(({ shards }) => shards?.lagMs ?? []).toSorted((a, b) => a - b);
  return lags[Math.ceil(lags.length * share) - 1] ?? Number.NaN;
}

import type { GeneratorResult } from "../generator/plan.ts";
import { Histogram } from "../measure/histogram.ts";
import type { LagSample } from "../measure/lag-probe.ts";
import type { Run } from "../run.ts";

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

/** A percentile of how long acknowledged events took to Postgres; NaN when none was measured. */
export function lagPercentile(lags: readonly LagSample[], share: number): number {
  const sorted = lags.map(({ lagMs }) => lagMs).toSorted((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN;
}

/** What a request of a phase cost workerd, in milliseconds of CPU: unlike a latency, it says the same on a busy machine. */
export function workerCpuPerRequest(
  { generator, samples }: Pick<Run, "generator" | "samples">,
  phase: GeneratorResult["phases"][number],
): { readonly requests: number; readonly milliseconds: number } {
  const second = (atMs: number) => Math.round((atMs - generator.startedAtMs) / 1000);
  const { startsAtMs, endsAtMs } = phase;
  const answered = generator.perSecond.slice(second(startsAtMs), second(endsAtMs));
  const requests = answered.reduce((sum, each) => sum + each.requests, 0);
  // A sample tells of the second before it.
  const cores = samples
    .filter(({ atMs }) => atMs > startsAtMs && atMs <= endsAtMs + 500)
    .reduce((sum, { usage }) => sum + usage.workerd.cores, 0);
  return { requests, milliseconds: (cores * 1000) / requests };
}

import type { ShardsSample } from "../measure/sampler.ts";
import { PARTS, type PartUsage } from "../measure/usage.ts";
import type { Run } from "../run.ts";
import type { Block, Series } from "./blocks.ts";

/** Latency, throughput, CPU, memory, journal and lag over time. */
export function chartBlocks(run: Run): Block[] {
  const perSecond = (of: (second: { requests: number; events: number }) => number) =>
    run.generator.perSecond.map((each, second) => [second, of(each)] as const);
  return [
    chart(
      "Latency, p95",
      "ms",
      overWindows(run, ({ p95Ms }) => p95Ms),
    ),
    chart(
      "Latency, p50",
      "ms",
      overWindows(run, ({ p50Ms }) => p50Ms),
    ),
    chart("Throughput", "per second", [
      { name: "requests", points: perSecond(({ requests }) => requests) },
      { name: "events acknowledged", points: perSecond(({ events }) => events) },
    ]),
    chart(
      "CPU",
      "cores",
      overParts(run, ({ cores }) => cores),
    ),
    chart(
      "Memory",
      "MiB",
      overParts(run, ({ residentBytes }) => residentBytes / 1_048_576),
    ),
    chart("Journal depth", "operations", [
      overShards(run, "in the journals", ({ journalDepth }) => journalDepth),
      overShards(run, "dirty players", ({ dirtyPlayers }) => dirtyPlayers),
    ]),
    chart("Postgres behind", "ms", [
      overShards(run, "oldest operation in a journal", ({ lagMs }) => lagMs),
      { name: "acknowledged event until it is stored", points: overProbes(run) },
    ]),
  ];
}

function chart(title: string, unit: string, series: readonly Series[]): Block {
  return { kind: "chart", chart: { title, unit, series } };
}

function overWindows(
  { generator }: Run,
  value: (window: { readonly p50Ms: number; readonly p95Ms: number }) => number,
): Series[] {
  const byEndpoint = Map.groupBy(generator.windows, ({ endpoint }) => endpoint);
  return [...byEndpoint].map(([name, of]) => ({
    name,
    points: of
      .toSorted((a, b) => a.atSeconds - b.atSeconds)
      .map((window) => [window.atSeconds, value(window)]),
  }));
}

function overParts(run: Run, value: (usage: PartUsage) => number): Series[] {
  return PARTS.map((part) => ({
    name: part,
    points: during(run).map(({ at, usage }) => [at, value(usage[part])]),
  }));
}

function overShards(run: Run, name: string, value: (shards: ShardsSample) => number): Series {
  const points = during(run).flatMap(({ at, shards }) =>
    shards === null ? [] : [[at, value(shards)] as const],
  );
  return { name, points };
}

function overProbes({ generator, lags }: Run): Series["points"] {
  return lags
    .filter(({ atMs }) => atMs >= generator.startedAtMs)
    .map(({ atMs, lagMs }) => [(atMs - generator.startedAtMs) / 1000, lagMs]);
}

/** The samples since the load began, by seconds. */
function during({ generator, samples }: Run) {
  return samples.flatMap((sample) => {
    const at = (sample.atMs - generator.startedAtMs) / 1000;
    return at < 0 ? [] : { ...sample, at };
  });
}

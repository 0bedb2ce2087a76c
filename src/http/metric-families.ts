import { FLUSH_BOUNDS_MS, LAG_BOUNDS_MS, REQUEST_BOUNDS_MS } from "../core/metric-bounds.ts";
import type { ShardMetrics, ShardReading } from "../core/shard-metrics.ts";
import type { Family, Labels, Sample } from "./open-metrics.ts";
import { SHARD_COUNTERS } from "./shard-counters.ts";
import { SHARD_GAUGES } from "./shard-gauges.ts";

/** What /metrics says about the deployment itself. */
export interface Build {
  readonly shardGeneration: number;
  readonly shardCount: number;
}

/**
 * All families of /metrics.
 *
 * Every series carries the shard that counts it: each shard's counts begin anew when its object restarts, and only a series
 * that resets as a whole is read right by whoever computes rates. Sums over shards are the reader's: `sum without (shard)`.
 */
export function metricFamilies(readings: readonly ShardReading[], build: Build): Family[] {
  const shards = readings.flatMap(({ metrics }) => (metrics === null ? [] : [metrics]));
  return [
    {
      name: "gauntlet_build",
      type: "info",
      help: "How players are spread over shards.",
      samples: [{ labels: labelsOf(build), value: 1 }],
    },
    {
      name: "gauntlet_shard_up",
      type: "gauge",
      help: "1 when the shard answered this scrape; else its other series are missing from it.",
      samples: readings.map(({ shard, metrics }) => ({
        labels: { shard },
        value: metrics === null ? 0 : 1,
      })),
    },
    ...requestFamilies(shards),
    ...SHARD_GAUGES.map(({ read, ...head }): Family => {
      const samples = shards.flatMap((metrics) => samplesOf(metrics, read(metrics)));
      return { ...head, type: "gauge", samples };
    }),
    ...SHARD_COUNTERS.map(({ read, ...head }): Family => {
      const samples = shards.flatMap((metrics) => samplesOf(metrics, read(metrics)));
      return { ...head, type: "counter", samples };
    }),
    ...flushFamilies(shards),
  ];
}

function labelsOf({ shardGeneration, shardCount }: Build): Labels {
  return { generation: String(shardGeneration), shards: String(shardCount) };
}

function samplesOf({ shard }: ShardMetrics, values: readonly (readonly [Labels, number])[]) {
  return values.map(([labels, value]): Sample<number> => ({ labels: { ...labels, shard }, value }));
}

function requestFamilies(shards: readonly ShardMetrics[]): Family[] {
  return [
    {
      name: "gauntlet_requests",
      type: "counter",
      help: "HTTP requests answered. The shard is the one that keeps the count, not the one that was asked.",
      samples: shards.flatMap(({ shard, requests }) =>
        Object.entries(requests.requests).map(([key, value]) => {
          const [method = "", route = "", status = ""] = key.split(" ");
          return { labels: { method, route, status, shard }, value };
        }),
      ),
    },
    {
      name: "gauntlet_request_duration_seconds",
      type: "histogram",
      unit: "seconds",
      help: "How long requests waited for others, by group of routes. The platform's clock stands still while the Worker computes.",
      boundsMs: REQUEST_BOUNDS_MS,
      samples: shards.flatMap(({ shard, requests }) =>
        Object.entries(requests.durations).map(([group, value]) => ({
          labels: { group, shard },
          value,
        })),
      ),
    },
  ];
}

function flushFamilies(shards: readonly ShardMetrics[]): Family[] {
  return [
    {
      name: "gauntlet_flush_duration_seconds",
      type: "histogram",
      unit: "seconds",
      help: "From sending a flush to knowing that it is in Postgres.",
      boundsMs: FLUSH_BOUNDS_MS,
      samples: shards.map(({ shard, counts }) => ({
        labels: { shard },
        value: counts.flushDurations,
      })),
    },
    {
      name: "gauntlet_flush_lag_seconds",
      type: "histogram",
      unit: "seconds",
      help: "From the arrival of the oldest operation in a flush to knowing that it is in Postgres.",
      boundsMs: LAG_BOUNDS_MS,
      samples: shards.map(({ shard, counts }) => ({ labels: { shard }, value: counts.lags })),
    },
  ];
}

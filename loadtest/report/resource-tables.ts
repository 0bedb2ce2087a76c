import type { GeneratorResult } from "../generator/plan.ts";
import { Histogram } from "../measure/histogram.ts";
import type { Sample } from "../measure/sampler.ts";
import { PARTS } from "../measure/usage.ts";
import type { Run } from "../run.ts";
import type { StatementFigures } from "../stack/endpoint-messages.ts";
import { residentMib } from "../stack/resident-mib.ts";
import type { Block } from "./blocks.ts";
import { workerCpuPerRequest } from "./figures.ts";
import { formatCount, formatMebibytes, formatMs } from "./format.ts";

/** CPU and memory by part. */
export function resourceTable(samples: readonly Sample[]): Block {
  return {
    kind: "table",
    head: ["part", "cores, mean", "cores, most in a second", "memory, mean", "memory, most"],
    rows: PARTS.map((part) => {
      const cores = samples.map(({ usage }) => usage[part].cores);
      const memory = samples.map(({ usage }) => usage[part].residentBytes);
      return [
        part,
        mean(cores).toFixed(2),
        Math.max(0, ...cores).toFixed(2),
        formatMebibytes(mean(memory)),
        formatMebibytes(Math.max(0, ...memory)),
      ];
    }),
  };
}

/** What a request cost workerd, phase by phase. */
export function requestCostTable(run: Run): Block {
  return {
    kind: "table",
    head: ["phase", "requests answered in it", "CPU of workerd per request"],
    rows: run.generator.phases.map((phase) => {
      const { requests, milliseconds } = workerCpuPerRequest(run, phase);
      return [phase.name, formatCount(requests), requests === 0 ? "–" : formatMs(milliseconds)];
    }),
  };
}

/** How many statements of each kind, and how long they took at the endpoint. */
export function statementTable(statements: readonly StatementFigures[]): Block {
  return {
    kind: "table",
    head: ["kind", "statements", "p50", "p95", "max", "time in all"],
    rows: statements.map(({ kind, duration }) => {
      const histogram = Histogram.from(duration);
      return [
        kind,
        formatCount(histogram.count),
        formatMs(histogram.percentile(0.5)),
        formatMs(histogram.percentile(0.95)),
        formatMs(histogram.maxMs),
        formatMs(duration.sumMs),
      ];
    }),
  };
}

/** The machine, and what has to be known to read the figures. */
export function machineBlocks({ machine, generator, samples, shards }: Run): Block[] {
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`);
  const generatorCores = mean(samples.map(({ usage }) => usage.generator.cores));
  return [
    { kind: "heading", text: "Machine" },
    {
      kind: "list",
      items: [
        `SHARD_COUNT ${shards} (8 are shipped), RESIDENT_MIB ${residentMib(shards)} (16 are shipped): one thread runs all shards here, so that each more would only make more commits and flushes; a batch is as many calls as its players have shards`,
        `${machine.cores} cores (${machine.cpu}), ${machine.memoryGib} GiB, ${machine.system}`,
        `one fsync of 4 KiB where the state lies: p50 ${formatMs(machine.fsyncP50Ms)}, p95 ${formatMs(machine.fsyncP95Ms)}; load average before the run ${machine.loadAverage.toFixed(1)}`,
        versions.join(", "),
      ],
    },
    { kind: "heading", text: "How to read it" },
    {
      kind: "list",
      items: [
        `One machine carries everything, the generator (${generator.name}) too: it took ${generatorCores.toFixed(2)} cores of ${machine.cores}. Nothing crosses a network.`,
        `workerd runs the Worker, all shards and the simulators of KV and rate limits on one thread, and that thread waits for every fsync of a journal. In production these are many machines. KV and the rate limits are maps in the Worker's own isolate, put around the bundle: the simulators that come with workerd would wait for the disk on each request, which no deployment does. What a call to the real ones costs is not in these figures, nor that a location may go on for a minute without seeing a flag that KV was just given, so that an initialise asks the shard again. An isolate's limit of 128 MB is not enforced.`,
        "The catalog has no rotations, windows or prerequisites: documents of goals that time changes cost more (loadtest/README.md says how much).",
        latencyRemark(generator),
        "Cold start: nothing was asked for before the first arrival, except to publish the catalog.",
        "An event counts as acknowledged when the answer says accepted or duplicate; then it is in a journal on disk. Every acknowledged event, claim and switched goal is compared with Postgres, player by player.",
        "The rate limits are those of wrangler.toml; Postgres runs with fsync and synchronous_commit.",
      ],
    },
  ];
}

function latencyRemark({ lateness, connectionsMax }: GeneratorResult): string {
  if (lateness === null) {
    return `Latency counts from the moment at which a virtual user began to send, waiting for a connection included, and not from when the request was due; an arrival that found none of up to ${formatCount(connectionsMax)} virtual users free was not sent, and counts as a failure.`;
  }
  const p95Ms = Histogram.from(lateness).percentile(0.95);
  return `Latency counts from the moment at which a request was due, so that waiting in the generator is in it. The generator itself was late by p95 ${formatMs(p95Ms)}, at most ${formatMs(lateness.maxMs)}; it had up to ${formatCount(connectionsMax)} connections.`;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

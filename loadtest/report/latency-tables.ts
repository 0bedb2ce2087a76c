import type { GeneratorResult, LadderStep } from "../generator/plan.ts";
import { Histogram } from "../measure/histogram.ts";
import type { Block } from "./blocks.ts";
import { formatCount, formatMs } from "./format.ts";

/** Every endpoint of every phase. */
export function latencyTable(result: GeneratorResult): Block {
  return {
    kind: "table",
    head: ["phase", "endpoint", "requests", "p50", "p95", "p99", "p99.9", "max", "failed", "bytes"],
    rows: result.endpoints.map(({ phase, endpoint, latency, failures, bytes }) => {
      const histogram = Histogram.from(latency);
      const at = (share: number) => formatMs(histogram.percentile(share));
      return [
        phase,
        endpoint,
        formatCount(histogram.count),
        at(0.5),
        at(0.95),
        at(0.99),
        at(0.999),
        formatMs(histogram.maxMs),
        formatCount(failures),
        bytes === null ? "–" : formatCount(bytes / histogram.count),
      ];
    }),
  };
}

/** What failed, by endpoint and check; and arrivals that had nothing to do. */
export function problemTable({ problems, skipped }: GeneratorResult): Block[] {
  const failures: Block =
    problems.length === 0
      ? { kind: "text", text: "None." }
      : {
          kind: "table",
          head: ["endpoint", "what was wrong", "how often"],
          rows: problems.map((each) => [each.endpoint, each.problem, formatCount(each.count)]),
        };
  if (skipped.length === 0) return [failures];
  const items = skipped.map(({ action, count }) => `not sent: ${action}: ${formatCount(count)}`);
  return [failures, { kind: "list", items }];
}

/** The steps of the ladders, if there were any. */
export function stepTable(steps: readonly LadderStep[]): Block[] {
  if (steps.length === 0) return [];
  return [
    { kind: "heading", text: "Steps" },
    {
      kind: "table",
      head: ["step", "requests/s", "events/s", "p95 of all requests", "failed", ""],
      rows: steps.map((step) => [
        step.name,
        formatCount(step.requestsPerSecond),
        formatCount(step.eventsPerSecond),
        formatMs(step.p95Ms),
        formatCount(step.failures),
        step.isGood ? "good" : "broken",
      ]),
    },
  ];
}

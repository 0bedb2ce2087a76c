import type { LogLine } from "../k6/log-lines.ts";
import { COUNTERS, endpointOf, tagged } from "../k6/names.ts";
import type { Segment } from "../k6/streams.ts";
import { entryOf } from "../measure/entry-of.ts";
import type { K6Summary } from "./read-summary.ts";

/** What went wrong at an endpoint in a phase, and how often. */
export interface Failure {
  readonly phaseIndex: number;
  readonly endpoint: string;
  readonly problem: string;
  readonly count: number;
}

/** The failed checks of the log, and the arrivals that k6 did not send because every virtual user was busy. */
export function failuresOf(
  { streams }: Segment,
  lines: readonly LogLine[],
  summary: K6Summary,
): Failure[] {
  const counts = new Map<string, Failure>();
  const add = (failure: Failure) => {
    const { phaseIndex, endpoint, problem, count } = failure;
    const key = JSON.stringify([phaseIndex, endpoint, problem]);
    const before = entryOf(counts, key, () => ({ ...failure, count: 0 })).count;
    counts.set(key, { ...failure, count: before + count });
  };
  for (const line of lines) {
    if (line.is !== "problem") continue;
    const { phaseIndex, endpoint, problem } = line;
    add({ phaseIndex, endpoint, problem, count: 1 });
  }
  for (const { name, phaseIndex, stream } of streams) {
    const count = summary.count(tagged(COUNTERS.dropped, "scenario", name));
    const problem = "not sent: no virtual user of k6 was free";
    if (count > 0) add({ phaseIndex, endpoint: endpointOf(stream), problem, count });
  }
  return [...counts.values()];
}

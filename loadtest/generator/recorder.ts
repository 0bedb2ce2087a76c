import { entryOf } from "../measure/entry-of.ts";
import { Histogram } from "../measure/histogram.ts";
import type { EndpointResult, GeneratorResult, WindowResult } from "./plan.ts";

/** Width of a point of the charts. */
const WINDOW_SECONDS = 5;

/** One answered request. */
export interface Recorded {
  readonly phase: string;
  readonly endpoint: string;
  /** When the request was due, on the clock of `performance.now()`: waiting in the generator counts. */
  readonly dueAtMs: number;
  readonly endedAtMs: number;
  /** What was wrong with the answer, in a few words; null when nothing was. */
  readonly problem: string | null;
  readonly bytes: number;
  /** Acknowledged events. */
  readonly events: number;
}

/** What the recorder contributes to the result. */
export type Recording = Pick<
  GeneratorResult,
  "endpoints" | "windows" | "windowSeconds" | "perSecond" | "problems"
>;

interface Aggregate {
  readonly latency: Histogram;
  failures: number;
  bytes: number;
}

/** Aggregates answers as they come; keeps no list of them. */
export class Recorder {
  readonly #startedAtMs: number;
  readonly #endpoints = new Map<string, Map<string, Aggregate>>();
  readonly #windows = new Map<string, Map<number, Histogram>>();
  readonly #perSecond: { requests: number; events: number }[] = [];
  readonly #problems = new Map<string, Map<string, number>>();

  /** `startedAtMs` on the clock of `performance.now()`. */
  constructor(startedAtMs: number) {
    this.#startedAtMs = startedAtMs;
  }

  record(one: Recorded): void {
    const latencyMs = one.endedAtMs - one.dueAtMs;
    const of = this.#endpoint(one.phase, one.endpoint);
    of.latency.add(latencyMs);
    of.bytes += one.bytes;
    if (one.problem !== null) {
      of.failures += 1;
      const problems = entryOf(this.#problems, one.endpoint, () => new Map<string, number>());
      problems.set(one.problem, (problems.get(one.problem) ?? 0) + 1);
    }
    const windows = entryOf(this.#windows, one.endpoint, () => new Map<number, Histogram>());
    const window = Math.floor((one.dueAtMs - this.#startedAtMs) / (WINDOW_SECONDS * 1000));
    entryOf(windows, window, () => new Histogram()).add(latencyMs);
    const second = Math.floor((one.endedAtMs - this.#startedAtMs) / 1000);
    while (this.#perSecond.length <= second) this.#perSecond.push({ requests: 0, events: 0 });
    const bucket = this.#perSecond[second];
    if (bucket === undefined) return;
    bucket.requests += 1;
    bucket.events += one.events;
  }

  /** The latencies of a whole phase, all endpoints together, and how many requests failed. */
  ofPhase(phase: string): { readonly latency: Histogram; readonly failures: number } {
    const latency = new Histogram();
    let failures = 0;
    for (const of of this.#endpoints.get(phase)?.values() ?? []) {
      latency.merge(of.latency.data());
      failures += of.failures;
    }
    return { latency, failures };
  }

  result(): Recording {
    return {
      endpoints: [...this.#endpoints].flatMap(([phase, endpoints]): EndpointResult[] =>
        [...endpoints].map(([endpoint, { latency, failures, bytes }]) => ({
          phase,
          endpoint,
          latency: latency.data(),
          failures,
          bytes,
        })),
      ),
      windows: [...this.#windows].flatMap(([endpoint, windows]) =>
        [...windows].map(([window, histogram]) => windowResult(endpoint, window, histogram)),
      ),
      windowSeconds: WINDOW_SECONDS,
      perSecond: this.#perSecond,
      problems: [...this.#problems].flatMap(([endpoint, problems]) =>
        [...problems].map(([problem, count]) => ({ endpoint, problem, count })),
      ),
    };
  }

  #endpoint(phase: string, endpoint: string): Aggregate {
    const endpoints = entryOf(this.#endpoints, phase, () => new Map<string, Aggregate>());
    return entryOf(endpoints, endpoint, () => ({
      latency: new Histogram(),
      failures: 0,
      bytes: 0,
    }));
  }
}

function windowResult(endpoint: string, window: number, histogram: Histogram): WindowResult {
  return {
    endpoint,
    atSeconds: window * WINDOW_SECONDS,
    count: histogram.count,
    p50Ms: histogram.percentile(0.5),
    p95Ms: histogram.percentile(0.95),
  };
}

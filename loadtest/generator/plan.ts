import type { TokenSigner } from "../fixtures/tokens.ts";
import type { HistogramData } from "../measure/histogram.ts";
import type { Scenario } from "../scenarios/scenario.ts";
import type { TallyData } from "./tally.ts";

/** What the generator is told to do. */
export interface Plan {
  readonly host: string;
  readonly port: number;
  /** Empty, or such as `/challenge`. */
  readonly basePath: string;
  readonly scenario: Scenario;
  /** Begins user ids and event ids, so that runs against one database do not meet. */
  readonly runId: string;
  readonly tokens: TokenSigner;
  /** Used in turn: the rate limit of a key is 50,000 requests in 10 seconds. */
  readonly serverKeys: readonly string[];
  readonly connectionsMax: number;
}

/** What the generator tells while it runs, and at the end. */
export type GeneratorMessage =
  | { readonly type: "ready"; readonly signedTokens: number; readonly signingMs: number }
  | { readonly type: "phase"; readonly name: string; readonly startsAtMs: number }
  | { readonly type: "step"; readonly step: LadderStep }
  | { readonly type: "result"; readonly result: GeneratorResult };

/** How a step of a ladder went. */
export interface LadderStep {
  readonly ladder: string;
  readonly name: string;
  readonly p95Ms: number;
  readonly failures: number;
  readonly requestsPerSecond: number;
  readonly eventsPerSecond: number;
  readonly isGood: boolean;
}

/** One endpoint in one phase. */
export interface EndpointResult {
  readonly phase: string;
  readonly endpoint: string;
  readonly latency: HistogramData;
  readonly failures: number;
  /** Null when the generator does not count them by endpoint. */
  readonly bytes: number | null;
}

/** One endpoint in a stretch of time. */
export interface WindowResult {
  readonly endpoint: string;
  /** Seconds from the start of the run to that of the window. */
  readonly atSeconds: number;
  readonly count: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
}

/** Everything that the generator saw. */
export interface GeneratorResult {
  /** Which generator it was, as the report names it. */
  readonly name: string;
  readonly startedAtMs: number;
  readonly phases: readonly {
    readonly name: string;
    readonly startsAtMs: number;
    readonly endsAtMs: number;
  }[];
  readonly endpoints: readonly EndpointResult[];
  readonly windows: readonly WindowResult[];
  readonly windowSeconds: number;
  /** Answers and acknowledged events, by the second in which they came. */
  readonly perSecond: readonly { readonly requests: number; readonly events: number }[];
  /** By endpoint and what was wrong. */
  readonly problems: readonly {
    readonly endpoint: string;
    readonly problem: string;
    readonly count: number;
  }[];
  readonly steps: readonly LadderStep[];
  readonly tally: TallyData;
  /** How late arrivals were sent by the generator itself; part of the latencies. Null when it does not say. */
  readonly lateness: HistogramData | null;
  /** Of k6, which keeps a connection for each: its virtual users. */
  readonly connectionsMax: number;
  /** Arrivals that had nothing to do, such as a claim while no goal was completed. */
  readonly skipped: readonly { readonly action: string; readonly count: number }[];
  /** Requests that were sent again with the same ids after an unknown or retryable outcome. */
  readonly resent: number;
}

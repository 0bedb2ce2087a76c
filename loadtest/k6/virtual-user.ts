import exec from "k6/execution";
import http, { type RefinedResponse, type ResponseType } from "k6/http";
import { Counter, Trend } from "k6/metrics";

import type { LogLine } from "./log-lines.ts";
import { COUNTERS, latencyMetric, slugOf, windowCount, windowSeconds, windowTag } from "./names.ts";
import { run } from "./settings.ts";
import type { NumberedStream } from "./streams.ts";

/** One call of the API. */
export interface Call {
  readonly method: "GET" | "POST" | "PUT";
  /** From `/v1` on. */
  readonly path: string;
  readonly credential: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Whether the check looks at the body; k6 throws it away otherwise. */
  readonly keepsBody: boolean;
  readonly endpoint: string;
}

/** What a check makes of an answer. */
export interface Judged {
  /** Where the answer tells which endpoint it was. */
  readonly endpoint?: string;
  /** What was wrong; null when nothing was. */
  readonly problem: string | null;
}

export type Answer = RefinedResponse<ResponseType | undefined>;

/** Which iteration of which stream a virtual user is at. */
export interface Arrival {
  readonly stream: NumberedStream;
  readonly iteration: number;
  /** Among all arrivals of its action. */
  readonly number: number;
  readonly startsAtMs: number;
}

/** A request that takes longer is given up; its outcome is unknown then. */
const TIMEOUT = "20s";

const resends = new Counter(COUNTERS.resends);
const eventsAcknowledged = new Counter(COUNTERS.events);
const claimsAcknowledged = new Counter(COUNTERS.claims);

/** Sends the calls of one virtual user and counts how they went. Made once per virtual user, outside of its iterations. */
export class VirtualUser {
  readonly #latencies: ReadonlyMap<string, Trend>;

  constructor(endpoints: readonly string[]) {
    this.#latencies = new Map(
      endpoints.map((endpoint) => [endpoint, new Trend(latencyMetric(endpoint), true)]),
    );
  }

  /** Sends one call. Its latency counts from the virtual user's turn: waiting for a connection is in it. */
  call(arrival: Arrival, call: Call, judge: (answer: Answer) => Judged): Answer {
    const { method, path, credential, headers, body, keepsBody } = call;
    const answer = http.request(method, `${run.baseUrl}${path}`, body ?? null, {
      headers: {
        ...headers,
        Authorization: `Bearer ${credential}`,
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      },
      tags: { endpoint: slugOf(call.endpoint) },
      timeout: TIMEOUT,
      responseType: keepsBody ? "text" : "none",
    });
    const { endpoint = call.endpoint, problem } = judge(answer);
    const { blocked, duration } = answer.timings;
    this.#latencies.get(endpoint)?.add(blocked + duration, { window: windowOf(arrival) });
    const { phaseIndex } = arrival.stream;
    if (problem !== null) writeLine({ is: "problem", phaseIndex, endpoint, problem });
    return answer;
  }

  countResend(): void {
    resends.add(1);
  }

  countEvents(arrival: Arrival, count: number): void {
    eventsAcknowledged.add(count, { window: windowOf(arrival) });
  }

  countClaim(): void {
    claimsAcknowledged.add(1);
  }
}

/** The arrival that this iteration stands for. */
export function thisArrival(streams: ReadonlyMap<string, NumberedStream>): Arrival {
  const { name, iterationInTest: iteration, startTime: startsAtMs } = exec.scenario;
  const stream = streams.get(name);
  if (stream === undefined) throw new Error(`There is no stream "${name}".`);
  return { stream, iteration, number: stream.firstNumber + iteration, startsAtMs };
}

/** What is wrong with a status: null when it is among those expected. */
export function statusProblem(answer: Answer, ...expected: readonly number[]): string | null {
  if (answer.status === 0) return `no answer: ${answer.error}`;
  if (expected.includes(answer.status)) return null;
  const code = /"code":"(\w+)"/.exec(textOf(answer))?.[1];
  return code === undefined ? `status ${answer.status}` : `${answer.status} ${code}`;
}

/** Whether it may have been done all the same: then it has to be asked again. */
export function isUnknown({ status }: Answer): boolean {
  return status === 0 || status === 429 || status >= 500;
}

/** The body as text; empty where it was thrown away. */
export function textOf({ body }: Answer): string {
  return typeof body === "string" ? body : "";
}

/** Writes an exception to the log, from which the runner reads it. */
export function writeLine(line: LogLine): void {
  console.error(JSON.stringify(line));
}

function windowOf({ stream, startsAtMs }: Arrival): string {
  const elapsedSeconds = (Date.now() - startsAtMs) / 1000;
  const window = Math.floor(elapsedSeconds / windowSeconds(stream.seconds));
  return windowTag(stream.phaseIndex, Math.min(window, windowCount(stream.seconds) - 1));
}

import type { Outcome } from "./http-connection.ts";
import type { HttpPool } from "./http-pool.ts";
import type { Plan } from "./plan.ts";
import type { Recorder } from "./recorder.ts";

/** Which arrival a request belongs to. */
export interface Arrival {
  readonly phase: string;
  /** When it was due, on the clock of `performance.now()`. */
  readonly dueAtMs: number;
}

/** One call of the API. */
export interface Call {
  readonly method: "GET" | "POST" | "PUT";
  /** From `/v1` on. */
  readonly path: string;
  readonly credential: string;
  readonly headers?: string;
  readonly body?: string;
  /** Whether the check looks at the body. */
  readonly keepsBody: boolean;
}

/** What a check makes of an answer. */
export interface Judged {
  /** The endpoint's name in the report. */
  readonly endpoint: string;
  /** What was wrong; null when nothing was. */
  readonly problem: string | null;
  /** Events that the answer acknowledges. */
  readonly events?: number;
}

/** Sends calls and records how they went. */
export class Client {
  readonly #pool: HttpPool;
  readonly #recorder: Recorder;
  readonly #prefix: string;
  readonly #host: string;

  constructor(plan: Plan, pool: HttpPool, recorder: Recorder) {
    this.#pool = pool;
    this.#recorder = recorder;
    this.#prefix = plan.basePath;
    this.#host = `${plan.host}:${plan.port}`;
  }

  /** Sends one call; the judge names the endpoint and what was wrong with the answer. */
  async call(arrival: Arrival, call: Call, judge: (outcome: Outcome) => Judged): Promise<Outcome> {
    const outcome = await this.#pool.send({ text: this.#text(call), keepsBody: call.keepsBody });
    const endedAtMs = performance.now();
    const { endpoint, problem, events = 0 } = judge(outcome);
    this.#recorder.record({
      phase: arrival.phase,
      endpoint,
      dueAtMs: arrival.dueAtMs,
      endedAtMs,
      problem,
      bytes: outcome.bytes,
      events,
    });
    return outcome;
  }

  #text({ method, path, credential, headers = "", body }: Call): string {
    const head = `${method} ${this.#prefix}${path} HTTP/1.1\r\nHost: ${this.#host}\r\nAuthorization: Bearer ${credential}\r\n${headers}`;
    if (body === undefined) return `${head}${method === "GET" ? "" : "Content-Length: 0\r\n"}\r\n`;
    const length = Buffer.byteLength(body);
    return `${head}Content-Type: application/json\r\nContent-Length: ${length}\r\n\r\n${body}`;
  }
}

/** What is wrong with a status: null when it is among those expected. */
export function statusProblem(outcome: Outcome, ...expected: readonly number[]): string | null {
  if (outcome.status === 0) return `no answer: ${outcome.reason ?? "unknown"}`;
  if (expected.includes(outcome.status)) return null;
  const code = /"code":"(\w+)"/.exec(outcome.body)?.[1];
  return code === undefined ? `status ${outcome.status}` : `${outcome.status} ${code}`;
}

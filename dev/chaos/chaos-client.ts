import { setTimeout as sleep } from "node:timers/promises";

import { StackProblem } from "../stack-problem.ts";

/** One request; the body is sent as JSON. */
export interface ChaosRequest {
  readonly method: string;
  readonly path: string;
  readonly credential: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

/** An answer that says something; null body: there was none. */
export interface ChaosAnswer {
  readonly status: number;
  readonly etag: string | null;
  readonly body: unknown;
}

/** The Worker gives up on a shard long before. */
const REQUEST_TIMEOUT_MS = 15_000;
const RETRY_PAUSE_MS = 150;
/** Longer than Postgres and Worker are away together, with the pauses of the shards behind it. */
const PATIENCE_MS = 120_000;

/** Sends requests to a stack that keeps going away. Once `interrupt` is aborted every call throws its reason. */
export class ChaosClient {
  readonly #baseUrl: string;
  readonly #interrupt: AbortSignal;
  #unanswered = 0;

  constructor(baseUrl: string, interrupt: AbortSignal) {
    this.#baseUrl = baseUrl;
    this.#interrupt = interrupt;
  }

  /** Requests that got no answer, or one that says "later". */
  get unanswered(): number {
    return this.#unanswered;
  }

  /** Sends once; null when nobody answered, or the answer says "later": 429, 500, 503, 504. */
  async ask(request: ChaosRequest): Promise<ChaosAnswer | null> {
    this.#interrupt.throwIfAborted();
    try {
      const response = await this.#fetch(request);
      const text = await response.text();
      const { status } = response;
      if (status !== 429 && (status < 500 || status === 502)) {
        const body: unknown = text === "" ? null : JSON.parse(text);
        return { status, etag: response.headers.get("ETag"), body };
      }
    } catch {
      // Refused, reset, timed out, or cut off in the middle of its text.
    }
    this.#unanswered++;
    return null;
  }

  /** Sends the same request until it is answered. Throws StackProblem when that takes too long. */
  async insist(request: ChaosRequest): Promise<ChaosAnswer> {
    const giveUpAt = Date.now() + PATIENCE_MS;
    while (Date.now() < giveUpAt) {
      const answer = await this.ask(request);
      if (answer !== null) return answer;
      await sleep(RETRY_PAUSE_MS);
    }
    throw new StackProblem(
      `${request.method} ${request.path} got no answer within ${PATIENCE_MS / 1_000} s.`,
    );
  }

  #fetch({ method, path, credential, headers, body }: ChaosRequest): Promise<Response> {
    return fetch(`${this.#baseUrl}${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${credential}`,
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
  }
}

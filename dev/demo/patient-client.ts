import { setTimeout as sleep } from "node:timers/promises";

import { StackProblem } from "../stack-problem.ts";
import { DEMO_PATIENCE_MS } from "./limits.ts";

/** One request; the body is sent as JSON. */
export interface PatientRequest {
  readonly method: string;
  readonly path: string;
  readonly credential: string;
  readonly body?: unknown;
}

/** An answer that the caller has to judge: a success, or a refusal that waiting does not change. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Pause before a request is sent again; and how long one may take. */
const RETRY_PAUSE_MS = 250;
const REQUEST_TIMEOUT_MS = 15_000;

/**
 * Sends a request until it is answered, as a game server would: connection refused, 5xx and 429 mean "again, with the same
 * ids". Gives up when the stack has been away for a minute.
 */
export class PatientClient {
  readonly #baseUrl: string;
  #lastAnswerAt = Date.now();
  #resent = 0;

  constructor(baseUrl: string) {
    this.#baseUrl = baseUrl;
  }

  /** Requests that had to be sent again. */
  get resent(): number {
    return this.#resent;
  }

  /** Throws StackProblem when nothing answered for DEMO_PATIENCE_MS. */
  async send(request: PatientRequest): Promise<Answer> {
    for (;;) {
      const answer = await this.#try(request);
      if (answer !== null) return answer;
      if (Date.now() - this.#lastAnswerAt > DEMO_PATIENCE_MS) {
        throw new StackProblem(
          `Nothing has answered at ${this.#baseUrl} for ${DEMO_PATIENCE_MS / 1000} s. Start the stack (npm run dev), or name its port: PORT=8788 npm run demo`,
        );
      }
      this.#resent++;
      await sleep(RETRY_PAUSE_MS);
    }
  }

  async #try({ method, path, credential, body }: PatientRequest): Promise<Answer | null> {
    try {
      const response = await fetch(`${this.#baseUrl}${path}`, {
        method,
        headers: { Authorization: `Bearer ${credential}`, "Content-Type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      });
      const text = await response.text();
      const isBusy = response.status === 429 || response.status >= 500;
      if (response.status !== 502 && isBusy) return null;
      this.#lastAnswerAt = Date.now();
      const answer: unknown = JSON.parse(text);
      return { status: response.status, body: answer };
    } catch {
      return null;
    }
  }
}

import { type AccelByteClient, AccelByteTokens } from "./accelbyte-token.ts";
import { callService, type ServiceAnswer, type ServiceTools } from "./service-call.ts";

/** One call to the Platform service, as a path under AGS_BASE_URL and a JSON body. */
export interface PlatformCall {
  readonly method: "GET" | "POST" | "PUT";
  readonly path: string;
  readonly body?: unknown;
}

/** `no-token`: the call was not made. */
export type PlatformAnswer = ServiceAnswer | { readonly kind: "no-token"; readonly reason: string };

/** A page of 100 wallet transactions with their metadata stays below; longer answers are not needed. */
const ANSWER_BYTES_MAX = 1_048_576;

/** AGS with this deployment's credentials. Never throws. */
export class AccelByteApi {
  readonly #baseUrl: string;
  readonly #tools: ServiceTools;
  readonly #tokens: AccelByteTokens;

  constructor(client: AccelByteClient, tools: ServiceTools) {
    this.#baseUrl = client.baseUrl;
    this.#tools = tools;
    this.#tokens = new AccelByteTokens(client, tools);
  }

  /** One call; a second one with a new token when AGS does not take the first token: that call did nothing. */
  async call(call: PlatformCall): Promise<PlatformAnswer> {
    const first = await this.#tokens.get();
    if (!first.ok) return { kind: "no-token", reason: first.reason };
    const answer = await this.#send(call, first.token);
    if (answer.kind === "lost" || answer.status !== 401) return answer;
    this.#tokens.drop(first.token);
    const second = await this.#tokens.get();
    return second.ok ? this.#send(call, second.token) : { kind: "no-token", reason: second.reason };
  }

  #send({ method, path, body }: PlatformCall, token: string): Promise<ServiceAnswer> {
    const init = {
      method,
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    };
    return callService(this.#tools, `${this.#baseUrl}${path}`, init, ANSWER_BYTES_MAX);
  }
}

/** An id as one segment of a path; null for `.` and `..`, which would lead to another resource in any spelling. */
export function pathSegment(id: string): string | null {
  return id === "." || id === ".." ? null : encodeURIComponent(id);
}

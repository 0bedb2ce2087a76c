import * as z from "zod";

import { callService, type ServiceTools } from "./service-call.ts";
import { spokenReason } from "./spoken-reason.ts";

/** The confidential IAM client of this deployment. */
export interface AccelByteClient {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

export type TokenResult =
  | { readonly ok: true; readonly token: string }
  | { readonly ok: false; readonly reason: string };

/** A token is replaced this long before it expires: longer than a call that it is used in may take. */
const REFRESH_MARGIN_MS = 60_000;
/** A token carries its permissions, and the answer lists them once more. */
const ANSWER_BYTES_MAX = 262_144;

const tokenSchema = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().positive(),
});

/** Access tokens by client credentials: kept until shortly before they expire, asked for once at a time. */
export class AccelByteTokens {
  readonly #client: AccelByteClient;
  readonly #tools: ServiceTools;
  #current: { readonly token: string; readonly refreshAt: number } | null = null;
  #pending: Promise<TokenResult> | null = null;

  constructor(client: AccelByteClient, tools: ServiceTools) {
    this.#client = client;
    this.#tools = tools;
  }

  /** Never throws; a failure is not remembered. */
  async get(): Promise<TokenResult> {
    const { clock } = this.#tools;
    if (this.#current !== null && clock.now() < this.#current.refreshAt) {
      return { ok: true, token: this.#current.token };
    }
    this.#pending ??= this.#ask().finally(() => (this.#pending = null));
    return this.#pending;
  }

  /** Forgets a token that AGS no longer takes; does nothing when another one has come meanwhile. */
  drop(token: string): void {
    if (this.#current?.token === token) this.#current = null;
  }

  async #ask(): Promise<TokenResult> {
    const { baseUrl, clientId, clientSecret } = this.#client;
    const askedAt = this.#tools.clock.now();
    const init = {
      method: "POST",
      headers: {
        Authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}`,
        "Content-Type": "application/x-www-form-urlencoded",
      },
      body: "grant_type=client_credentials",
    };
    const url = `${baseUrl}/iam/v3/oauth/token`;
    const answer = await callService(this.#tools, url, init, ANSWER_BYTES_MAX);
    if (answer.kind === "lost") return { ok: false, reason: `No AGS token. ${answer.reason}` };
    const read = answer.status === 200 ? readToken(answer.text) : null;
    if (read === null) return { ok: false, reason: refusal(answer.status, answer.text) };
    const lifetimeMs = read.expires_in * 1_000;
    const refreshAt = askedAt + Math.max(lifetimeMs - REFRESH_MARGIN_MS, lifetimeMs / 2);
    this.#current = { token: read.access_token, refreshAt };
    return { ok: true, token: read.access_token };
  }
}

function readToken(text: string): z.infer<typeof tokenSchema> | null {
  try {
    return tokenSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function refusal(status: number, text: string): string {
  const said = spokenReason(text);
  const told = `No AGS token: IAM answered ${status}${said === null ? "." : `: ${said}`}`;
  const isFault = status >= 200 && status < 500 && status !== 429;
  return isFault
    ? `Configuration fault. ${told} Check AGS_BASE_URL, AGS_CLIENT_ID and AGS_CLIENT_SECRET.`
    : told;
}

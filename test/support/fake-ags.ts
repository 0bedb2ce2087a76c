import type { IncomingMessage, ServerResponse } from "node:http";

import { FakeAgsState, type PlatformReply } from "./fake-ags-state.ts";
import { startLocalServer } from "./reward-requests.ts";

/** What becomes of the next call to the Platform service; without one it is carried out and answered. */
export type AgsFate =
  /** Not carried out. */
  | { readonly kind: "answer"; readonly status: number; readonly body?: object }
  /** Carried out, then answered with a failure, as by a gateway that gave up. */
  | { readonly kind: "bad-gateway" }
  /** Carried out, then the connection breaks. */
  | { readonly kind: "lose-answer" }
  /** Never answered; carried out after so many milliseconds, or never. */
  | { readonly kind: "hang"; readonly carriedOutAfterMs: number | null };

/** What it is started with. */
export interface FakeAgsOptions {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly tokenLifetimeSeconds?: number;
}

/** AGS on a loopback port: IAM's token route, and of Platform entitlements, fulfillments, credits and transactions. */
export interface FakeAgs {
  readonly url: string;
  readonly state: FakeAgsState;
  /** Fates of the next calls to Platform, in their order. */
  readonly fates: AgsFate[];
  /** Answers of the next calls to IAM that are not a token. */
  readonly tokenFates: number[];
  /** Platform calls as `METHOD path`, in their order. */
  readonly calls: readonly string[];
  tokensIssued(): number;
  /** AGS takes no token that it has issued so far. */
  revokeTokens(): void;
  stop(): Promise<void>;
}

/** Starts it. Tokens expire by the real clock. */
export async function startFakeAgs(options: FakeAgsOptions): Promise<FakeAgs> {
  const state = new FakeAgsState();
  const tokens = new FakeTokens(options);
  const fates: AgsFate[] = [];
  const tokenFates: number[] = [];
  const calls: string[] = [];
  const server = await startLocalServer((request, body, response) => {
    const path = request.url ?? "";
    if (path === "/iam/v3/oauth/token") {
      const status = tokenFates.shift();
      if (status === undefined) reply(response, tokens.issue(request, body));
      else reply(response, { status, body: { error: "fate" } });
      return;
    }
    if (!tokens.isGood(request)) {
      reply(response, { status: 401, body: { errorCode: 20001, errorMessage: "unauthorized" } });
      return;
    }
    calls.push(`${request.method} ${path}`);
    const carryOut = () => state.handle(request.method ?? "", path, body);
    meet(fates.shift(), carryOut, response);
  });
  return {
    url: server.url,
    state,
    fates,
    tokenFates,
    calls,
    tokensIssued: () => tokens.issued,
    revokeTokens: () => tokens.revoke(),
    stop: () => server.stop(),
  };
}

function meet(
  fate: AgsFate | undefined,
  carryOut: () => PlatformReply,
  response: ServerResponse,
): void {
  if (fate?.kind === "hang") {
    if (fate.carriedOutAfterMs !== null) setTimeout(carryOut, fate.carriedOutAfterMs);
    return;
  }
  if (fate?.kind === "answer") {
    reply(response, { status: fate.status, body: fate.body ?? {} });
    return;
  }
  const done = carryOut();
  if (fate?.kind === "lose-answer") response.destroy();
  else if (fate?.kind === "bad-gateway") reply(response, { status: 502, body: {} });
  else reply(response, done);
}

function reply(response: ServerResponse, { status, body }: PlatformReply): void {
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(JSON.stringify(body));
}

class FakeTokens {
  readonly #credentials: string;
  readonly #lifetimeSeconds: number;
  readonly #expiries = new Map<string, number>();
  issued = 0;

  constructor({ clientId, clientSecret, tokenLifetimeSeconds = 3_600 }: FakeAgsOptions) {
    this.#credentials = Buffer.from(`${clientId}:${clientSecret}`).toString("base64");
    this.#lifetimeSeconds = tokenLifetimeSeconds;
  }

  issue(request: IncomingMessage, body: string): PlatformReply {
    if (request.headers.authorization !== `Basic ${this.#credentials}`) {
      return { status: 401, body: { error: "invalid_client" } };
    }
    const isForm = request.headers["content-type"] === "application/x-www-form-urlencoded";
    if (!isForm || new URLSearchParams(body).get("grant_type") !== "client_credentials") {
      return { status: 400, body: { error: "unsupported_grant_type" } };
    }
    const token = `token-${++this.issued}`;
    this.#expiries.set(token, Date.now() + this.#lifetimeSeconds * 1_000);
    const expires_in = this.#lifetimeSeconds;
    return { status: 200, body: { access_token: token, expires_in, token_type: "Bearer" } };
  }

  isGood(request: IncomingMessage): boolean {
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1] ?? "";
    return Date.now() < (this.#expiries.get(token) ?? 0);
  }

  revoke(): void {
    this.#expiries.clear();
  }
}

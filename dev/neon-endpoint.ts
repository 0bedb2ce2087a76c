import { createHash, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

import { answerFailure, type SqlAnswer } from "./neon-endpoint-answer.ts";
import {
  listenOnLoopback,
  plainAnswer,
  readBody,
  REQUEST_BYTES_MAX,
  sendAnswer,
} from "./neon-endpoint-http.ts";
import {
  BadRequest,
  parseCredentials,
  parseSqlRequest,
  type Credentials,
  type SqlRequest,
} from "./neon-endpoint-request.ts";
import { DatabaseSessions } from "./neon-endpoint-sessions.ts";
import { LOOPBACK } from "./ports.ts";

/** The limit in Neon's proxy (proxy.rs); above it the answer is 507, whether or not the statement committed. */
export const RESPONSE_BYTES_MAX = 10 * 1_048_576;
/** How long `stop` waits for running statements before it closes their sockets. */
const STOP_TIMEOUT_MS = 5_000;
/** Longer than the Worker's own connections live, so that none is closed under a request. */
const KEEP_ALIVE_MS = 120_000;

/**
 * Stands between a request and its statements: may delay `run`, call it again or not at all, or change the answer.
 *
 * "drop": the socket is closed without an answer.
 */
export type Around = (
  request: SqlRequest,
  run: () => Promise<SqlAnswer>,
) => Promise<SqlAnswer | "drop">;

export interface NeonEndpointOptions {
  /** The server behind the endpoint, with the credentials that callers must show. Callers choose the database. */
  readonly serverUrl: string;
  /** A free port is taken when absent. */
  readonly port?: number;
  readonly around?: Around;
}

/** A running endpoint; `url` is what DATABASE_HTTP_ENDPOINT takes. */
export interface NeonEndpoint {
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * Serves Neon's SQL over HTTP in front of any Postgres, on the loopback address.
 *
 * The wire protocol is that of neondatabase/neon, proxy/src/serverless/sql_over_http.rs. A statement that has begun runs
 * to its commit even when the caller has gone, as it does there. Not served: WebSockets, JWT credentials, TLS.
 */
export async function startNeonEndpoint(options: NeonEndpointOptions): Promise<NeonEndpoint> {
  const own = parseCredentials(options.serverUrl);
  const sessions = new DatabaseSessions(options.serverUrl, RESPONSE_BYTES_MAX);
  const around: Around = options.around ?? ((_request, run) => run());
  const running = new Set<Promise<void>>();
  const server = createServer((request, response) => {
    const handled = handle(request, response, own, sessions, around).finally(() => {
      running.delete(handled);
    });
    running.add(handled);
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  const port = await listenOnLoopback(server, options.port ?? 0);
  return {
    url: `http://${LOOPBACK}:${port}/sql`,
    port,
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      await Promise.race([Promise.all(running), wait(STOP_TIMEOUT_MS)]);
      server.closeAllConnections();
      await closed;
      await Promise.race([sessions.end(), wait(STOP_TIMEOUT_MS)]);
    },
  };
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  own: Credentials,
  sessions: DatabaseSessions,
  around: Around,
): Promise<void> {
  const refusal = refuseRoute(request);
  if (refusal !== null) {
    sendAnswer(response, refusal);
    return;
  }
  const answer = await answerTo(request, own, sessions, around);
  if (answer === "drop") response.destroy();
  else sendAnswer(response, answer);
}

function refuseRoute(request: IncomingMessage): SqlAnswer | null {
  if (request.url !== "/sql") return plainAnswer(404, "The endpoint serves POST /sql only.");
  return request.method === "POST" ? null : plainAnswer(405, "Use POST /sql.");
}

async function answerTo(
  request: IncomingMessage,
  own: Credentials,
  sessions: DatabaseSessions,
  around: Around,
): Promise<SqlAnswer | "drop"> {
  try {
    const credentials = parseCredentials(request.headers["neon-connection-string"]);
    const body = await readBody(request);
    if (body === null) {
      return plainAnswer(413, `request is too large (max is ${REQUEST_BYTES_MAX} bytes)`);
    }
    if (!sameSecret(credentials, own)) {
      throw new BadRequest(`password authentication failed for user '${credentials.user}'`);
    }
    const sql = parseSqlRequest(request.headers, body, credentials.database);
    return await around(sql, () => sessions.run(sql).catch(answerFailure));
  } catch (error) {
    return answerFailure(error);
  }
}

function sameSecret(given: Credentials, own: Credentials): boolean {
  const digest = ({ user, password }: Credentials) =>
    createHash("sha256")
      .update(JSON.stringify([user, password]))
      .digest();
  return timingSafeEqual(digest(given), digest(own));
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });
}

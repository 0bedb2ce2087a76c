import { createServer } from "node:http";

import { CONTROL_PATH } from "./faults/control.ts";
import { FaultInjector } from "./faults/fault-injector.ts";
import type { FaultPlan } from "./faults/fault-plan.ts";
import type { Around } from "./neon-endpoint-around.ts";
import { handleRequest } from "./neon-endpoint-handle.ts";
import { listenOnLoopback } from "./neon-endpoint-http.ts";
import { parseCredentials } from "./neon-endpoint-request.ts";
import { DatabaseSessions } from "./neon-endpoint-sessions.ts";
import { LOOPBACK } from "./ports.ts";

/** The limit in Neon's proxy (proxy.rs); above it the answer is 507, whether or not the statement committed. */
export const RESPONSE_BYTES_MAX = 10 * 1_048_576;
/** How long `stop` waits for running statements before it closes their sockets. */
const STOP_TIMEOUT_MS = 5_000;
/** Longer than the Worker's own connections live, so that none is closed under a request. */
const KEEP_ALIVE_MS = 120_000;

export interface NeonEndpointOptions {
  /** The server behind the endpoint, with the credentials that callers must show. Callers choose the database. */
  readonly serverUrl: string;
  /** A free port is taken when absent. */
  readonly port?: number;
  /** In place of the fault plan. */
  readonly around?: Around;
  /** Followed from the start; another one can be set at the control address. Absent: everything goes through. */
  readonly faultPlan?: FaultPlan | null;
}

/** A running endpoint; `url` is what DATABASE_HTTP_ENDPOINT takes. */
export interface NeonEndpoint {
  readonly url: string;
  /** Where fault plans are set; see faults/control.ts. */
  readonly controlUrl: string;
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
  const faults = new FaultInjector();
  faults.follow(options.faultPlan ?? null);
  const around = options.around ?? faults.around;
  const running = new Set<Promise<void>>();
  const server = createServer((request, response) => {
    const handled = handleRequest(request, response, { own, sessions, around, faults }).finally(
      () => {
        running.delete(handled);
      },
    );
    running.add(handled);
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  const port = await listenOnLoopback(server, options.port ?? 0);
  return {
    url: `http://${LOOPBACK}:${port}/sql`,
    controlUrl: `http://${LOOPBACK}:${port}${CONTROL_PATH}`,
    port,
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      faults.end();
      await Promise.race([Promise.all(running), wait(STOP_TIMEOUT_MS)]);
      server.closeAllConnections();
      await closed;
      await Promise.race([sessions.end(), wait(STOP_TIMEOUT_MS)]);
    },
  };
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });
}

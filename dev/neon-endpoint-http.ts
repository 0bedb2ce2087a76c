import type { IncomingMessage, Server, ServerResponse } from "node:http";

import type { SqlAnswer } from "./neon-endpoint-answer.ts";
import { LOOPBACK } from "./ports.ts";

/** Neon's documented limit of a request. */
export const REQUEST_BYTES_MAX = 64 * 1_048_576;

/** Null when the body is over the limit; the rest is read and thrown away, so that the caller can read the answer. */
export async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    bytes += chunk.length;
    if (bytes <= REQUEST_BYTES_MAX) chunks.push(chunk);
    else chunks.length = 0;
  }
  return bytes > REQUEST_BYTES_MAX ? null : Buffer.concat(chunks).toString("utf8");
}

/** An answer of the endpoint itself, before any statement. */
export function plainAnswer(status: number, message: string): SqlAnswer {
  return { status, headers: {}, body: JSON.stringify({ message }) };
}

/** Sends an answer, unless the caller has gone. */
export function sendAnswer(response: ServerResponse, answer: SqlAnswer): void {
  if (response.destroyed) return;
  response.writeHead(answer.status, {
    "Content-Type": "application/json",
    "Access-Control-Allow-Origin": "*",
    ...answer.headers,
  });
  response.end(answer.body);
}

/** Listens, and answers the port: the given one, or a free one for 0. */
export function listenOnLoopback(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, LOOPBACK, () => {
      const address = server.address();
      resolve(address !== null && typeof address === "object" ? address.port : port);
    });
  });
}

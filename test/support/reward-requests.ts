import { once } from "node:events";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";

import type { GrantRequest } from "../../src/core/ports.ts";

/** A grant of 100 GOLD to ada that nobody asked for before; a wish overrides. */
export function aGrantRequest(wish: Partial<GrantRequest> = {}): GrantRequest {
  return {
    grantId: "a".repeat(64),
    namespace: "arena",
    userId: "ada",
    challengeId: "first-steps",
    goalId: "ten-kills",
    reward: { type: "WALLET", rewardId: "GOLD", quantity: 100 },
    unansweredAt: null,
    ...wish,
  };
}

/** An HTTP server on a free loopback port, with what it was sent read to its end. */
export interface LocalServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts it; `answer` may leave a request without an answer for good: `stop` ends the connection. */
export async function startLocalServer(
  answer: (request: IncomingMessage, body: string, response: ServerResponse) => void,
): Promise<LocalServer> {
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => answer(request, Buffer.concat(chunks).toString("utf8"), response));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return {
    url: `http://127.0.0.1:${address.port}`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

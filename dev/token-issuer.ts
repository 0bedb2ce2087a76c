import { createServer } from "node:http";

import { LOOPBACK } from "./ports.ts";
import { publicKeySet } from "./signing-key.ts";

/** A running issuer; `jwksUrl` is what JWKS_URL takes. */
export interface TokenIssuer {
  readonly jwksUrl: string;
  stop(): Promise<void>;
}

/** Serves the public half of the local signing key on the loopback address, as an identity service would. */
export async function startTokenIssuer(
  signingKey: Readonly<Record<string, string>>,
  port: number,
): Promise<TokenIssuer> {
  const body = JSON.stringify(publicKeySet(signingKey));
  const server = createServer((request, response) => {
    const found = request.url === "/.well-known/jwks.json";
    response.writeHead(found ? 200 : 404, { "Content-Type": "application/json" });
    response.end(found ? body : "{}");
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, LOOPBACK, resolve);
  });
  return {
    jwksUrl: `http://${LOOPBACK}:${port}/.well-known/jwks.json`,
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

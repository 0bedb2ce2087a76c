import type { IncomingHttpHeaders, ServerResponse } from "node:http";

import { isSigned } from "../../dev/rewards/signed-delivery.ts";
import { type LocalServer, startLocalServer } from "./reward-requests.ts";

/** One delivery as it arrived. */
export interface Delivery {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What the service does with the next delivery, instead of granting and answering 200. */
export type Fate =
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly body?: string;
      readonly location?: string;
    }
  /** Grants, and breaks the connection. */
  | { readonly kind: "lose-answer" }
  /** Grants, and never answers. */
  | { readonly kind: "hang" };

/** A game's own reward service, as docs/rewards.md asks for it: checks the signature, grants each webhook-id once. */
export interface FakeRewardService {
  readonly url: string;
  readonly deliveries: readonly Delivery[];
  /** By webhook-id, what was granted: once, however often it was delivered. */
  readonly granted: ReadonlyMap<string, unknown>;
  /** Fates of the next deliveries, in their order. */
  readonly fates: Fate[];
  stop(): Promise<void>;
}

/** `secret`: `whsec_…`, with which every delivery must be signed. */
export async function startFakeRewardService(secret: string): Promise<FakeRewardService> {
  const deliveries: Delivery[] = [];
  const granted = new Map<string, unknown>();
  const fates: Fate[] = [];
  const server: LocalServer = await startLocalServer(({ headers }, body, response) => {
    deliveries.push({ headers, body });
    const fate = fates.shift();
    if (fate?.kind === "answer") {
      const location = fate.location === undefined ? {} : { Location: fate.location };
      response.writeHead(fate.status, { "Content-Type": "application/json", ...location });
      response.end(fate.body);
      return;
    }
    const id = String(headers["webhook-id"]);
    if (!isSigned(headers, body, secret)) {
      respond(response, 401, { detail: "The signature is not ours." });
      return;
    }
    if (!granted.has(id)) granted.set(id, JSON.parse(body).data);
    if (fate === undefined) respond(response, 200, {});
    else if (fate.kind === "lose-answer") response.destroy();
  });
  return { url: `${server.url}/grants`, deliveries, granted, fates, stop: () => server.stop() };
}

function respond(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(JSON.stringify(body));
}

import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

import * as z from "zod";

import { readBody } from "../neon-endpoint-http.ts";
import { LOOPBACK } from "../ports.ts";
import type { Credit, CreditLedger } from "./credit-ledger.ts";
import type { RewardFate } from "./reward-fates.ts";
import { isSigned } from "./signed-delivery.ts";

/** How a receiver behaves. */
export interface ReceiverOptions {
  readonly port: number;
  /** `whsec_…`, with which every delivery must be signed. */
  readonly secret: string;
  readonly ledger: CreditLedger;
  /** Decides each delivery, counted from 0. */
  readonly fateOf: (delivery: number) => RewardFate;
  /** For controls: credits a key as often as it is delivered, which no receiver may do. */
  readonly forgetsKeys: boolean;
}

/** Longer than the shards wait for an answer. */
const LATE_MS = 12_000;

const DELIVERY = z.object({
  type: z.literal("reward.grant"),
  data: z.object({ namespace: z.string(), userId: z.string(), goalId: z.string() }),
});

/**
 * A game's own reward service, as docs/rewards.md asks for it: checks the signature, credits each webhook-id once.
 *
 * Resolves when it listens, on the loopback address only. It ends with its process.
 */
export async function startRewardReceiver(options: ReceiverOptions): Promise<void> {
  const underWay = new Set<string>();
  const server = createServer((request, response) => {
    const answered = readBody(request).then((body) =>
      receive(options, underWay, request.headers, body ?? "", response),
    );
    answered.catch((error: unknown) => respond(response, 400, String(error)));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, LOOPBACK, resolve);
  });
}

async function receive(
  { secret, ledger, fateOf, forgetsKeys }: ReceiverOptions,
  underWay: Set<string>,
  headers: IncomingHttpHeaders,
  body: string,
  response: ServerResponse,
): Promise<void> {
  if (!isSigned(headers, body, secret)) return respond(response, 401, "The signature is not ours.");
  const { namespace, userId, goalId } = DELIVERY.parse(JSON.parse(body)).data;
  const credit: Credit = { key: String(headers["webhook-id"]), namespace, userId, goalId };
  const fate = fateOf(ledger.deliveries);
  if (underWay.has(credit.key)) {
    ledger.delivery("under-way");
    return respond(response, 409, "This grant is being worked on.");
  }
  const isRepeat = ledger.has(credit.key) && !forgetsKeys;
  // What was paid is never refused, and nothing is paid a second time; answers get lost all the same.
  const treated = isRepeat && (fate === "reject" || fate === "slow") ? "fine" : fate;
  ledger.delivery(isRepeat && treated === "fine" ? "repeat" : treated);
  const pay = () => {
    if (!ledger.has(credit.key) || forgetsKeys) ledger.credit(credit);
  };
  await treat(treated, pay, response, underWay, credit.key);
}

async function treat(
  fate: RewardFate,
  pay: () => void,
  response: ServerResponse,
  underWay: Set<string>,
  key: string,
): Promise<void> {
  switch (fate) {
    case "fine":
      pay();
      return respond(response, 200, "Credited.");
    case "unavailable":
      return respond(response, 503, "The service is starting.");
    case "busy":
      return respond(response, 429, "Later, please.");
    case "reject":
      return respond(response, 422, "The inventory is full.");
    case "drop":
      pay();
      response.destroy();
      return;
    case "late":
      pay();
      await sleep(LATE_MS);
      return respond(response, 200, "Credited a while ago.");
    case "slow":
      underWay.add(key);
      await sleep(LATE_MS);
      pay();
      underWay.delete(key);
      return respond(response, 200, "Credited at last.");
    case "hang":
      return;
  }
}

function respond(response: ServerResponse, status: number, detail: string): void {
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(JSON.stringify({ detail }));
}

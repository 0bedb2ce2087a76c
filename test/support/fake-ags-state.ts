import * as z from "zod";

/** What Platform answers. */
export interface PlatformReply {
  readonly status: number;
  readonly body: object;
}

/** Something handed out, in the order in which it was. */
export interface HandedOut {
  readonly how: "entitlement" | "fulfillment" | "credit";
  readonly namespace: string;
  readonly userId: string;
  readonly rewardId: string;
  readonly quantity: number;
  readonly metadata: Readonly<Record<string, unknown>> | null;
}

const metadata = z.record(z.string(), z.unknown()).nullable().default(null);
const source = z.literal("REWARD");
const quantity = z.int().positive();

/** Bodies as AGS' own specification of Platform has them, in the fields that a grant uses; unknown fields are mistakes here. */
const entitlementsBody = z
  .array(z.strictObject({ itemId: z.string(), itemNamespace: z.string(), quantity, source }))
  .min(1);
const fulfillmentBody = z.strictObject({
  items: z.array(z.strictObject({ itemId: z.string(), quantity, source, metadata })).min(1),
});
const creditBody = z.strictObject({
  amount: quantity,
  source,
  reason: z.string().max(127),
  metadata,
});

const ROUTE = /^\/platform\/(v3\/)?admin\/namespaces\/([^/]+)\/users\/([^/]+)\/(.+)$/;

/** The stock of the fake AGS. Like the real one, it knows a repeated fulfillment, and no other repeat. */
export class FakeAgsState {
  readonly handedOut: HandedOut[] = [];
  /** Items and currencies that exist. */
  readonly rewards = new Set(["GOLD", "crown", "GEMS"]);
  /** By transaction id, its items as they were sent. */
  readonly #fulfillments = new Map<string, string>();
  /** States that the next fulfillments end in, instead of FULFILLED. */
  readonly fulfillmentStates: string[] = [];

  /** How often something was handed out to a player. */
  count(userId: string, rewardId: string): number {
    return this.of(userId).filter((line) => line.rewardId === rewardId).length;
  }

  of(userId: string): HandedOut[] {
    return this.handedOut.filter((line) => line.userId === userId);
  }

  /** Other credits of a player, newer than all others: what a look into the wallet has to go through. */
  addCredits(count: number, userId: string, rewardId: string): void {
    for (let number = 0; number < count; number++) {
      const line = { namespace: "arena", userId, rewardId, quantity: 1, metadata: null };
      this.handedOut.push({ how: "credit", ...line });
    }
  }

  handle(method: string, url: string, body: string): PlatformReply {
    const [path = "", query = ""] = url.split("?");
    const [, version = "", ...parts] = ROUTE.exec(path) ?? [];
    const [namespace = "", userId = "", rest = ""] = parts.map(decodeURIComponent);
    try {
      for (const [pattern, carryOut] of this.#operations) {
        const found = pattern.exec(`${method} ${version}${rest}`);
        const call = { namespace, userId, of: found?.[1] ?? "", body, query };
        if (found !== null) return carryOut(call);
      }
      return { status: 404, body: {} };
    } catch (error) {
      return failure(422, 20002, `validation error: ${String(error)}`);
    }
  }

  readonly #operations: readonly (readonly [RegExp, (call: Call) => PlatformReply])[] = [
    [/^POST entitlements$/, (call) => this.#grant(call)],
    [/^PUT v3\/fulfillments\/([^/]+)$/, (call) => this.#fulfill(call)],
    [/^PUT wallets\/([^/]+)\/credit$/, (call) => this.#credit(call)],
    [/^GET wallets\/currencies\/([^/]+)\/transactions$/, (call) => this.#list(call)],
  ];

  #grant({ namespace, userId, body }: Call): PlatformReply {
    const items = entitlementsBody.parse(JSON.parse(body));
    for (const { itemId } of items) {
      if (!this.rewards.has(itemId)) return noItem(itemId);
    }
    for (const { itemId: rewardId, quantity } of items) {
      this.handedOut.push({
        how: "entitlement",
        namespace,
        userId,
        rewardId,
        quantity,
        metadata: null,
      });
    }
    return { status: 201, body: items };
  }

  #fulfill({ namespace, userId, of: transactionId, body }: Call): PlatformReply {
    const { items } = fulfillmentBody.parse(JSON.parse(body));
    for (const { itemId } of items) {
      if (!this.rewards.has(itemId)) return noItem(itemId);
    }
    const earlier = this.#fulfillments.get(transactionId);
    if (earlier !== undefined && earlier !== JSON.stringify(items)) {
      return failure(400, 38128, "Cannot retry fulfillment with different payload");
    }
    const state = this.fulfillmentStates.shift() ?? "FULFILLED";
    if (state === "FULFILLED" && earlier === undefined) {
      this.#fulfillments.set(transactionId, JSON.stringify(items));
      for (const { itemId: rewardId, quantity, metadata } of items) {
        this.handedOut.push({
          how: "fulfillment",
          namespace,
          userId,
          rewardId,
          quantity,
          metadata,
        });
      }
    }
    return { status: 200, body: { transactionId, state, items } };
  }

  #credit({ namespace, userId, of: currency, body }: Call): PlatformReply {
    const { amount, metadata } = creditBody.parse(JSON.parse(body));
    if (!this.rewards.has(currency)) {
      return failure(404, 36141, `Currency [${currency}] does not exist`);
    }
    const line = { namespace, userId, rewardId: currency, quantity: amount, metadata };
    this.handedOut.push({ how: "credit", ...line });
    return { status: 200, body: { currencyCode: currency } };
  }

  /** Newest first, as AGS has it. */
  #list({ userId, of: currency, query }: Call): PlatformReply {
    const asked = new URLSearchParams(query);
    const offset = Number(asked.get("offset") ?? 0);
    const limit = Number(asked.get("limit") ?? 20);
    const credits = this.of(userId)
      .filter(({ how, rewardId }) => how === "credit" && rewardId === currency)
      .toReversed();
    if (credits.length === 0) return failure(404, 35141, "Wallet does not exist");
    const page = credits.slice(offset, offset + limit);
    const data = page.map(({ quantity, metadata }) => ({ amount: quantity, metadata }));
    return { status: 200, body: { data, paging: {} } };
  }
}

interface Call extends Pick<HandedOut, "namespace" | "userId"> {
  /** The id at the end of the path: of a transaction, or a currency code. */
  readonly of: string;
  readonly body: string;
  readonly query: string;
}

function noItem(itemId: string): PlatformReply {
  return failure(404, 30341, `Item [${itemId}] does not exist`);
}

function failure(status: number, errorCode: number, errorMessage: string): PlatformReply {
  return { status, body: { errorCode, errorMessage } };
}

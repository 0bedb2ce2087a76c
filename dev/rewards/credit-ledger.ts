import { appendFileSync, existsSync, readFileSync } from "node:fs";

import * as z from "zod";

import { REWARD_FATES } from "./reward-fates.ts";

/** What was paid out, and under which key. */
export interface Credit {
  readonly key: string;
  readonly namespace: string;
  readonly userId: string;
  readonly goalId: string;
}

const CREDIT = z.object({
  kind: z.literal("credit"),
  key: z.string(),
  namespace: z.string(),
  userId: z.string(),
  goalId: z.string(),
});
const DELIVERY = z.object({
  kind: z.literal("delivery"),
  fate: z.enum([...REWARD_FATES, "repeat", "under-way"]),
});
const LINE = z.discriminatedUnion("kind", [CREDIT, DELIVERY]);

/** What was done with a delivery; "repeat": its key was known, "under-way": it is being worked on. */
export type DeliveryFate = z.infer<typeof DELIVERY>["fate"];

/** A ledger as it stands in its file. */
export interface LedgerContent {
  readonly credits: readonly Credit[];
  readonly deliveries: readonly DeliveryFate[];
}

/** Reads a ledger; empty when there is none yet. Throws when a line is none. */
export function readLedger(file: string): LedgerContent {
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  const lines = text.split("\n").filter((line) => line !== "");
  const entries = lines.map((line) => LINE.parse(JSON.parse(line)));
  return {
    credits: entries.flatMap((entry) => (entry.kind === "credit" ? [entry] : [])),
    deliveries: entries.flatMap((entry) => (entry.kind === "delivery" ? [entry.fate] : [])),
  };
}

/**
 * The books of a reward service: a line per delivery and per credit, in a file that outlives the process.
 *
 * A line is written with one call and before anybody is answered: a process that is killed has credited or has not.
 */
export class CreditLedger {
  readonly #file: string;
  readonly #keys: Set<string>;
  #deliveries: number;

  constructor(file: string) {
    const { credits, deliveries } = readLedger(file);
    this.#file = file;
    this.#keys = new Set(credits.map(({ key }) => key));
    this.#deliveries = deliveries.length;
  }

  /** How many deliveries there were, also before a restart. */
  get deliveries(): number {
    return this.#deliveries;
  }

  has(key: string): boolean {
    return this.#keys.has(key);
  }

  delivery(fate: DeliveryFate): void {
    this.#deliveries++;
    this.#write({ kind: "delivery", fate });
  }

  credit({ key, namespace, userId, goalId }: Credit): void {
    this.#keys.add(key);
    this.#write({ kind: "credit", key, namespace, userId, goalId });
  }

  #write(line: z.infer<typeof LINE>): void {
    appendFileSync(this.#file, `${JSON.stringify(line)}\n`);
  }
}

import { isDeepStrictEqual } from "node:util";

import type { ClaimResult, EventResult } from "../../src/core/operation.ts";
import type { GoalRow } from "../../src/core/player.ts";
import type { CommandAnswer } from "../../src/core/ports.ts";
import { type SimulatedHistory, sorted } from "./simulated-history.ts";

/** A shard said one thing and did another. */
export class BrokenPromise extends Error {}

/** What a shard promised by its answers, to be held against what it made durable. */
export class SimulatedPromises {
  readonly #history: SimulatedHistory;
  readonly #hasLetters: (name: string) => boolean;
  /** Ids by player's name. */
  readonly #acknowledged = new Map<string, Set<string>>();
  readonly #accepted = new Set<string>();
  readonly #firstResults = new Map<string, unknown>();
  readonly #claims: { readonly name: string; readonly result: ClaimResult }[] = [];
  /** Answers by what they were. */
  readonly counts = { accepted: 0, duplicate: 0, repeated: 0, views: 0, claimed: 0, pending: 0 };

  /** `hasLetters`: of such a player no prefix of the history is shown any more. */
  constructor(history: SimulatedHistory, hasLetters: (name: string) => boolean = () => false) {
    this.#history = history;
    this.#hasLetters = hasLetters;
  }

  event(name: string, id: string, result: EventResult): void {
    if (result.status !== "accepted" && result.status !== "duplicate") return;
    this.counts[result.status]++;
    this.#acknowledge(name, id);
    if (result.status === "duplicate") return;
    must(!this.#accepted.has(id), `Event ${id} was accepted twice.`);
    this.#accepted.add(id);
  }

  command(name: string, id: string, { result, view }: CommandAnswer, since: number): void {
    this.view(name, view.rows, since);
    if (result.kind === "claim") {
      // Not the id: "pending" is also the answer to another request than the one that started the claim.
      this.#claims.push({ name, result });
      this.counts[result.status]++;
      return;
    }
    this.#acknowledge(name, id);
    if (this.#firstResults.has(id)) this.counts.repeated++;
    else this.#firstResults.set(id, result);
    mustEqual(result, this.#firstResults.get(id), `The repeat of ${id} got another answer.`);
  }

  /** How many operations of the player a read that starts now must show. */
  due(name: string): number {
    const acknowledged = this.#acknowledged.get(name) ?? new Set();
    return 1 + this.#history.of(name).operations.findLastIndex(({ id }) => acknowledged.has(id));
  }

  /** A view must be some prefix of the history, with at least the first `since` operations in it. */
  view(name: string, rows: readonly GoalRow[], since: number): void {
    this.counts.views++;
    if (this.#hasLetters(name)) return;
    const seen = sorted(rows);
    const { states } = this.#history.of(name);
    const isPrefix = states
      .slice(since)
      .some((state) => isDeepStrictEqual(sorted(state.rows.values()), seen));
    must(isPrefix, `A read of ${name} shows no state with ${since} operations.`);
  }

  /** Every acknowledged operation is in the history once, and no other one more than once. */
  check(): void {
    for (const name of this.#history.names) {
      const ids = this.#history.of(name).operations.map(({ id }) => id);
      mustEqual(ids.length, new Set(ids).size, `An operation of ${name} counts twice.`);
    }
    for (const [name, acknowledged] of this.#acknowledged) {
      const ids = new Set(this.#history.of(name).operations.map(({ id }) => id));
      for (const id of acknowledged) must(ids.has(id), `${id} of ${name} was taken and is lost.`);
    }
    for (const { name, result } of this.#claims) this.#checkClaim(name, result);
  }

  #checkClaim(name: string, { status, grantId }: ClaimResult): void {
    const kind = status === "claimed" ? "claim-granted" : "claim-started";
    const isDurable = this.#history
      .of(name)
      .operations.some(
        ({ operation }) => operation.kind === kind && operation.claim.grantId === grantId,
      );
    must(isDurable, `Grant ${grantId} of ${name} is not ${status}, as was said.`);
  }

  #acknowledge(name: string, id: string): void {
    const known = this.#acknowledged.get(name);
    if (known === undefined) this.#acknowledged.set(name, new Set([id]));
    else known.add(id);
  }
}

/** Throws what is wrong when two values differ. */
export function mustEqual(actual: unknown, expected: unknown, problem: string): void {
  if (isDeepStrictEqual(actual, expected)) return;
  const show = (value: unknown) => JSON.stringify(value, null, 1);
  throw new BrokenPromise(`${problem}\nis ${show(actual)}\nshould be ${show(expected)}`);
}

function must(isTrue: boolean, problem: string): void {
  if (!isTrue) throw new BrokenPromise(problem);
}

import type { DeadLetter, DeadLetters } from "../../src/core/dead-letters.ts";
import { aLetter } from "./flush-builders.ts";

/** Dead letters in memory, with the semantics of the real statements. */
export class FakeDeadLetters implements DeadLetters {
  readonly letters: DeadLetter[] = [];

  async list({ state, after, count }: Parameters<DeadLetters["list"]>[0]): Promise<DeadLetter[]> {
    return this.letters
      .filter((letter) => letter.id > after && (state === null || letter.state === state))
      .slice(0, count);
  }

  async find(id: number): Promise<DeadLetter | null> {
    return this.letters.find((letter) => letter.id === id) ?? null;
  }

  async settle(id: number, state: "retried" | "discarded"): Promise<boolean> {
    const index = this.letters.findIndex((letter) => letter.id === id && letter.state === "open");
    const letter = this.letters[index];
    if (letter === undefined) return false;
    this.letters[index] = { ...letter, state, settledAt: 9_000, operations: [] };
    return true;
  }
}

/** An open letter of ada with one operation. */
export function aDeadLetter(wish: Partial<DeadLetter> = {}): DeadLetter {
  return {
    id: 1,
    shard: "g1-8-0",
    player: { namespace: "default", userId: "ada" },
    state: "open",
    error: "value out of range",
    createdAt: 1_000,
    settledAt: null,
    operations: aLetter().operations,
    ...wish,
  };
}

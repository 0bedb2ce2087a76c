import { type LetterDraft, letterError, type LetterOperation } from "../core/dead-letter.ts";

/** The dead letters of a player in memory: those that Postgres lacks, and whether it has any. */
export class PlayerLetters {
  #unstored: { readonly draft: LetterDraft; readonly position: number }[] = [];
  #areStored = false;

  /** Whether operations of the player were put into letters: its rows may lack what the ledger has. */
  get areThere(): boolean {
    return this.#areStored || this.#unstored.length > 0;
  }

  /** The letters that Postgres lacks, of positions up to `applied`. */
  draftsUpTo(applied: number): readonly LetterDraft[] {
    return this.#unstored.filter(({ position }) => position <= applied).map(({ draft }) => draft);
  }

  /** Puts an operation that cannot be applied into a letter of its own. */
  add(operation: LetterOperation, error: unknown): void {
    const draft = { operations: [operation], rows: [], error: letterError(error) };
    this.#unstored.push({ draft, position: operation.position });
  }

  /** Whether the operation at this position has a letter of its own that Postgres lacks. */
  holds(position: number): boolean {
    return this.#unstored.some((letter) => letter.position === position);
  }

  /** Postgres has letters of the player. */
  noteStored(): void {
    this.#areStored = true;
  }

  /** Postgres contains every operation up to `applied`, in rows or letters. */
  stored(applied: number): void {
    if (this.draftsUpTo(applied).length > 0) this.noteStored();
    this.#unstored = this.#unstored.filter(({ position }) => position > applied);
  }

  /** The player was erased: its letters are nobody's any more. */
  erase(): void {
    this.#unstored = [];
    this.#areStored = false;
  }
}

import type { Problem } from "./errors.ts";
import { nearestName } from "./nearest-name.ts";

/**
 * The problems of one document, in the order in which they were found.
 *
 * Keeps the first PROBLEMS_MAX and counts the rest. A message may be a function: it is called only when it is kept.
 */
export class ProblemList {
  readonly #kept: Problem[] = [];
  #uncounted = 0;
  #comparisonsLeft = COMPARISONS_MAX;

  get isEmpty(): boolean {
    return this.#kept.length === 0;
  }

  add(path: string, message: string | (() => string)): void {
    if (this.#kept.length === PROBLEMS_MAX) this.#uncounted += 1;
    else this.#kept.push({ path, message: typeof message === "string" ? message : message() });
  }

  /** The candidate that a misspelt name may mean, or null: none is close, or enough has been compared. */
  nearest(name: string, candidates: readonly string[]): string | null {
    if (candidates.length > this.#comparisonsLeft) return null;
    this.#comparisonsLeft -= candidates.length;
    return nearestName(name, candidates);
  }

  /** The same as the end of a sentence: `; did you mean "login"?`, or nothing. */
  didYouMean(name: string, candidates: readonly string[]): string {
    const nearest = this.nearest(name, candidates);
    return nearest === null ? "" : `; did you mean ${quote(nearest)}?`;
  }

  toArray(): Problem[] {
    if (this.#uncounted === 0) return [...this.#kept];
    const message = `has ${this.#uncounted} more problems, not listed here; fix the ones above first`;
    return [...this.#kept, { path: "$", message }];
  }
}

/** Problems listed in one answer: more than a person repairs in one go, and about 40 KB at most. */
export const PROBLEMS_MAX = 200;

/** Comparisons of one misspelt name with one candidate: 10 wrong links among 5,000 goals, some 0.2 s at worst. */
const COMPARISONS_MAX = 50_000;

/** The path of a member: `$.challenges`, or `$["odd key"]` where a dot would not do. */
export function memberPath(path: string, key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `${path}.${shorten(key)}` : `${path}[${quote(key)}]`;
}

/** Names a value of any type in a sentence: `the text "ten"`, `-5`, `a list`. */
export function nameValue(value: unknown): string {
  if (typeof value === "string") return value === "" ? "empty text" : `the text ${quote(value)}`;
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  return String(value);
}

/** Text in double quotes, escaped, cut where it would drown the sentence. */
export function quote(text: string): string {
  return JSON.stringify(shorten(text));
}

/** A choice in a sentence: `"a"`, `"a" or "b"`, `"a", "b" or "c"`. */
export function nameChoice(choices: readonly string[]): string {
  const quoted = choices.map(quote);
  const last = quoted.pop() ?? "";
  return quoted.length === 0 ? last : `${quoted.join(", ")} or ${last}`;
}

/** An id has at most 100 characters and is shown in full. */
const SHOWN_CHARACTERS_MAX = 100;

function shorten(text: string): string {
  return text.length <= SHOWN_CHARACTERS_MAX ? text : `${text.slice(0, SHOWN_CHARACTERS_MAX)}…`;
}

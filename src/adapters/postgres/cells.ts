/** Readers for the cells of an answer: a wrong type is a bug of the query, and is said at once. */

export function text(cell: unknown): string {
  if (typeof cell !== "string") throw new TypeError(`Expected text, got ${typeof cell}.`);
  return cell;
}

export function textOrNull(cell: unknown): string | null {
  return cell === null ? null : text(cell);
}

/** A double; bigint columns are cast to float8 in the query, their values stay below 2^53. */
export function double(cell: unknown): number {
  if (typeof cell !== "number") throw new TypeError(`Expected a number, got ${typeof cell}.`);
  return cell;
}

export function doubleOrNull(cell: unknown): number | null {
  return cell === null ? null : double(cell);
}

export function flag(cell: unknown): boolean {
  if (typeof cell !== "boolean") throw new TypeError(`Expected a boolean, got ${typeof cell}.`);
  return cell;
}

/** One of a closed list of words, as a check constraint allows them. */
export function oneOf<T extends string>(words: readonly T[], cell: unknown): T {
  const word = words.find((candidate) => candidate === cell);
  if (word === undefined) throw new TypeError(`Expected one of ${words.join(", ")}.`);
  return word;
}

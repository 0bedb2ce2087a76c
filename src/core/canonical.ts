import type { CatalogDocument } from "./catalog.ts";

/**
 * JSON text that is the same for equal values: members sorted by key, no white space (as RFC 8785 has it).
 *
 * Throws a TypeError for what JSON cannot hold, such as undefined or NaN: two different values must not share a text.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
    const texts = members.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
    return `{${texts.join(",")}}`;
  }
  const isJson = value === null || ["string", "boolean"].includes(typeof value);
  if (isJson || Number.isFinite(value)) return JSON.stringify(value);
  throw new TypeError(`JSON cannot hold a value of type ${typeof value} such as this one`);
}

/**
 * The name of a catalog: the hash of its canonical JSON.
 *
 * `document` must come from parse-catalog: then a catalog has one name, however its author spelled it. `sha256` answers
 * lower-case hex of the hash of the text in UTF-8.
 */
export async function catalogVersion(
  document: CatalogDocument,
  sha256: (text: string) => Promise<string> | string,
): Promise<string> {
  return sha256(canonicalJson(document));
}

import { type EncodedJson, jsonResponse } from "./json-response.ts";

/** Player documents: any cache may not keep them, the player's own must ask each time. */
export const PLAYER_CACHE_CONTROL = "private, no-cache";

/**
 * The document under an ETag, or 304 without a body when the caller has it already.
 *
 * `body` is a function so that a 304 costs no encoding. `tag` comes quoted, with `W/` when weak.
 */
export function conditionalResponse(
  request: Request,
  tag: string,
  cacheControl: string,
  body: () => EncodedJson,
): Response {
  const headers = { ETag: tag, "Cache-Control": cacheControl };
  if (matchesWeakly(request.headers.get("If-None-Match"), tag)) {
    return new Response(null, { status: 304, headers });
  }
  return jsonResponse(body(), { headers });
}

/** Does `If-None-Match` name this tag: RFC 9110's weak comparison, lists and `*` included. */
export function matchesWeakly(header: string | null, tag: string): boolean {
  if (header === null) return false;
  if (header.trim() === "*") return true;
  return entityTags(header).some((candidate) => opaque(candidate) === opaque(tag));
}

/** Does `If-Match` name this tag: the strong comparison, which a weak tag never passes. */
export function matchesStrongly(header: string, tag: string): boolean {
  if (header.trim() === "*") return true;
  return !tag.startsWith("W/") && entityTags(header).includes(tag);
}

/** A comma may stand inside the quotes of a tag: so the tags are found, not the commas. */
function entityTags(header: string): string[] {
  return header.match(/(?:W\/)?"[^"]*"/g) ?? [];
}

function opaque(tag: string): string {
  return tag.startsWith("W/") ? tag.slice(2) : tag;
}

/** A JSON body that is made already: text, or its UTF-8 form, which is sent as it is. */
export type EncodedJson = string | Uint8Array<ArrayBuffer>;

/**
 * An answer with a JSON body; anything but EncodedJson is encoded here. `no-store` unless the headers say otherwise.
 *
 * The answer keeps the bytes themselves: nobody may change them afterwards.
 */
export function jsonResponse(
  body: object | EncodedJson,
  { status = 200, headers = {} }: { status?: number; headers?: Record<string, string> } = {},
): Response {
  const isEncoded = typeof body === "string" || body instanceof Uint8Array;
  return new Response(isEncoded ? body : JSON.stringify(body), {
    status,
    headers: { "Content-Type": "application/json", "Cache-Control": "no-store", ...headers },
  });
}

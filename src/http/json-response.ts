/** An answer with a JSON body; `body` is the text itself when it is a string. `no-store` unless the headers say otherwise. */
export function jsonResponse(
  body: object | string,
  { status = 200, headers = {} }: { status?: number; headers?: Record<string, string> } = {},
): Response {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return new Response(text, {
    status,
    headers: { "Content-Type": "application/json", "Cache-Control": "no-store", ...headers },
  });
}

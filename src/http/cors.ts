/**
 * Headers that let a browser game on one of the configured origins read the answer; none for other origins.
 *
 * No credentials mode: tokens travel in Authorization, cookies are not used.
 */
export function corsHeaders(
  request: Request,
  origins: readonly string[],
): Readonly<Record<string, string>> {
  if (origins.length === 0) return {};
  const origin = request.headers.get("Origin");
  // Also without a match: the answer depends on the origin, and a shared cache has to know.
  if (origin === null || !isAllowed(origin, origins)) return { Vary: "Origin" };
  return {
    Vary: "Origin",
    "Access-Control-Allow-Origin": origin,
    "Access-Control-Expose-Headers": "ETag, Retry-After, X-Request-Id",
  };
}

/** The answer to a browser's preflight, or null when the request is none or its origin is not configured. */
export function preflightResponse(
  request: Request,
  origins: readonly string[],
  methods: readonly string[],
): Response | null {
  const origin = request.headers.get("Origin");
  const asked = request.headers.get("Access-Control-Request-Method");
  if (request.method !== "OPTIONS" || origin === null || asked === null) return null;
  if (!isAllowed(origin, origins)) return null;
  return new Response(null, {
    status: 204,
    headers: {
      "Access-Control-Allow-Methods": methods.join(", "),
      "Access-Control-Allow-Headers": ALLOWED_HEADERS,
      "Access-Control-Max-Age": String(PREFLIGHT_SECONDS),
    },
  });
}

const ALLOWED_HEADERS =
  "Authorization, Content-Type, Content-Encoding, Idempotency-Key, If-Match, If-None-Match, X-Request-Id";
/** Chromium keeps a preflight for at most two hours; a changed list should not wait that long. */
const PREFLIGHT_SECONDS = 600;

function isAllowed(origin: string, origins: readonly string[]): boolean {
  return origins.includes("*") || origins.includes(origin);
}

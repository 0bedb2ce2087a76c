import { problemResponse } from "./errors.ts";
import { setSecurityHeaders } from "./security-headers.ts";

/**
 * What a deployment answers whose vars are wrong: alive, not ready, and 500 for everything else.
 *
 * /readyz names each var and what is wrong with it (never its value); the others tell strangers nothing.
 */
export function misconfiguredResponse(
  request: Request,
  problems: readonly string[],
  requestId: string,
): Response {
  const response = answerTo(new URL(request.url), problems, requestId);
  response.headers.set("X-Request-Id", requestId);
  setSecurityHeaders(response.headers);
  return response;
}

function answerTo({ pathname }: URL, problems: readonly string[], requestId: string): Response {
  // The base path is a var too, and may be the wrong one: so the end of the path decides.
  if (pathname.endsWith("/healthz")) return Response.json({ status: "alive" });
  return pathname.endsWith("/readyz")
    ? problemResponse(
        {
          code: "INTERNAL",
          detail: `The configuration is wrong: ${problems.join("; ")}.`,
          errors: problems.map((message) => ({ path: "configuration", message })),
        },
        requestId,
        503,
      )
    : problemResponse(
        {
          code: "INTERNAL",
          detail: "This deployment is not configured; /readyz says what is wrong.",
        },
        requestId,
      );
}

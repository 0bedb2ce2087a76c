import type { RequestTrace } from "../core/ports.ts";

/**
 * What is learned about a request while it runs, for its log line. Mutable, and of one request only.
 */
export interface Exchange extends RequestTrace {
  readonly startedAt: number;
  route: string | null;
  namespace: string | null;
  keyId: string | null;
  code: string | null;
  error: unknown;
}

/** Starts the record of a request. Takes over the caller's request id when it is a sane one. */
export function beginExchange(request: Request, startedAt: number, newId: () => string): Exchange {
  const proposed = request.headers.get("X-Request-Id");
  const requestId = proposed !== null && isRequestId(proposed) ? proposed : newId();
  return {
    requestId,
    startedAt,
    route: null,
    namespace: null,
    keyId: null,
    shard: null,
    code: null,
    error: undefined,
  };
}

/** A credential that somebody sends in the wrong header must not get into the log under the name of an id. */
function isRequestId(proposed: string): boolean {
  return SANE_ID.test(proposed) && !CREDENTIAL.test(proposed);
}

/** How server keys begin, and JWTs: `{"` in Base64. */
const CREDENTIAL = /^(gk_|eyJ)/;

/** No character that could break a log line, a header or a URN; long enough for any tracing system's ids. */
const SANE_ID = /^[\w.:-]{1,128}$/;

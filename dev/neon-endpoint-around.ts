import type { SqlAnswer } from "./neon-endpoint-answer.ts";
import type { SqlRequest } from "./neon-endpoint-request.ts";

/** How a connection ends without an answer: "drop" closes it in order, "reset" does not. */
export type CutOff = "drop" | "reset";

/**
 * Stands between a request and its statements: may delay `run`, call it again or not at all, or change the answer.
 *
 * `run` runs the request, or another one in its place; it does not reject, a failure is an answer. `gone` is aborted when
 * the caller has its answer, or has gone without one.
 */
export type Around = (
  request: SqlRequest,
  run: (altered?: SqlRequest) => Promise<SqlAnswer>,
  gone: AbortSignal,
) => Promise<SqlAnswer | CutOff>;

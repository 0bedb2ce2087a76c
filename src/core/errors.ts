/**
 * The closed list of error codes of the HTTP contract.
 *
 * A code is what callers switch on: it is never renamed. `src/http/errors.ts` alone knows the status of each.
 */
export type ErrorCode =
  | "INVALID_REQUEST"
  | "INVALID_JSON"
  | "GOAL_NOT_COMPLETED"
  | "GOAL_NOT_ACTIVE"
  | "PREREQUISITES_NOT_MET"
  | "INSUFFICIENT_GOALS"
  | "GOAL_NOT_IN_CHALLENGE"
  | "UNAUTHENTICATED"
  | "FORBIDDEN"
  | "CHALLENGE_NOT_FOUND"
  | "GOAL_NOT_FOUND"
  | "NOT_FOUND"
  | "METHOD_NOT_ALLOWED"
  | "ALREADY_CLAIMED"
  | "CLAIM_IN_PROGRESS"
  | "CATALOG_BREAKING"
  | "CONFLICT"
  | "CATALOG_CHANGED"
  | "BODY_TOO_LARGE"
  | "UNSUPPORTED_MEDIA_TYPE"
  | "INVALID_CATALOG"
  | "RATE_LIMITED"
  | "REWARD_REJECTED"
  | "SHARD_OVERLOADED"
  | "SHARD_UNAVAILABLE"
  | "DATABASE_UNAVAILABLE"
  | "NO_CATALOG"
  | "INTERNAL";

/** One problem at one place of a document; `path` is a JSON path such as `$.challenges[0].goals[2].requirement`. */
export interface Problem {
  readonly path: string;
  readonly message: string;
}

/**
 * An expected refusal, as data: it crosses the RPC border between Worker and shard, where an Error would lose its fields.
 *
 * `detail` is a sentence for a person; `extra` holds fields that the contract names beside it (such as `claimedAt`).
 */
export interface Failure {
  readonly code: ErrorCode;
  readonly detail: string;
  readonly errors?: readonly Problem[];
  readonly extra?: Readonly<Record<string, string | number | null | readonly string[]>>;
  /** Seconds after which a retry makes sense; becomes the header Retry-After. */
  readonly retryAfterSeconds?: number;
}

/** What a rule answers: a value, or the reason why not. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: Failure };

/** A Failure on its way out of the Worker's call stack; `src/http/errors.ts` turns it into an answer. */
export class FailureError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure, options?: ErrorOptions) {
    super(`${failure.code}: ${failure.detail}`, options);
    this.name = "FailureError";
    this.failure = failure;
  }
}

/** Shorthand for a refusal. */
export function refuse(
  code: ErrorCode,
  detail: string,
  more: Omit<Failure, "code" | "detail"> = {},
): { readonly ok: false; readonly failure: Failure } {
  return { ok: false, failure: { code, detail, ...more } };
}

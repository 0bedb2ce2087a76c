import { type ErrorCode, type Failure, FailureError } from "../core/errors.ts";
import { formatInstant } from "../core/instant.ts";

/**
 * The one place where an error becomes HTTP: RFC 9457 problem+json.
 *
 * A FailureError is told to the caller; anything else is INTERNAL, without a word about what it was.
 */
export function problemOf(error: unknown): Failure {
  return error instanceof FailureError ? error.failure : INTERNAL;
}

/** The answer for a failure. `status` overrides the code's own for an answer that is not about one request. */
export function problemResponse(
  failure: Failure,
  requestId: string,
  status = STATUS_AND_TITLE[failure.code][0],
): Response {
  const { code, detail, errors, extra, retryAfterSeconds } = failure;
  const body = {
    type: `urn:gauntlet:problem:${code.toLowerCase().replaceAll("_", "-")}`,
    title: STATUS_AND_TITLE[code][1],
    status,
    detail,
    instance: `urn:gauntlet:request:${requestId}`,
    code,
    ...(errors === undefined ? {} : { errors }),
    ...extraFields(extra),
  };
  const headers = new Headers({ "Content-Type": "application/problem+json" });
  const retryAfter = retryAfterSeconds ?? RETRY_AFTER_SECONDS[code];
  if (retryAfter !== undefined) headers.set("Retry-After", String(Math.ceil(retryAfter)));
  return new Response(JSON.stringify(body), { status, headers });
}

const INTERNAL: Failure = {
  code: "INTERNAL",
  detail: "Something went wrong on our side; the log has it under this request id.",
};

/** For codes that a caller may try again, where the failure itself does not say when. Seconds. */
const RETRY_AFTER_SECONDS: Partial<Record<ErrorCode, number>> = {
  // A claim waits about two seconds for the reward service.
  CLAIM_IN_PROGRESS: 2,
  RATE_LIMITED: 10,
  SHARD_OVERLOADED: 1,
  SHARD_UNAVAILABLE: 1,
  DATABASE_UNAVAILABLE: 2,
  // Somebody has to publish a catalog first; the edge looks again within seconds.
  NO_CATALOG: 10,
};

const STATUS_AND_TITLE: Record<ErrorCode, readonly [number, string]> = {
  INVALID_REQUEST: [400, "The request is not valid"],
  INVALID_JSON: [400, "The body is not valid JSON"],
  GOAL_NOT_COMPLETED: [400, "The goal is not completed"],
  GOAL_NOT_ACTIVE: [400, "The goal is not active"],
  PREREQUISITES_NOT_MET: [400, "Prerequisites are not met"],
  INSUFFICIENT_GOALS: [400, "There are not enough goals"],
  GOAL_NOT_IN_CHALLENGE: [400, "The goal belongs to another challenge"],
  UNAUTHENTICATED: [401, "Credentials are missing or not valid"],
  FORBIDDEN: [403, "Not allowed"],
  NOT_FOUND: [404, "Not found"],
  CHALLENGE_NOT_FOUND: [404, "There is no such challenge"],
  GOAL_NOT_FOUND: [404, "There is no such goal"],
  METHOD_NOT_ALLOWED: [405, "Method not allowed"],
  ALREADY_CLAIMED: [409, "Claimed already"],
  CLAIM_IN_PROGRESS: [409, "A claim is in progress"],
  CONFLICT: [409, "Not in this state"],
  CATALOG_BREAKING: [409, "The catalog breaks players' progress"],
  CATALOG_CHANGED: [412, "The catalog is another by now"],
  BODY_TOO_LARGE: [413, "The body is too large"],
  UNSUPPORTED_MEDIA_TYPE: [415, "Unsupported media type"],
  INVALID_CATALOG: [422, "The catalog is not valid"],
  RATE_LIMITED: [429, "Too many requests"],
  INTERNAL: [500, "Internal error"],
  REWARD_REJECTED: [502, "The reward service refused"],
  SHARD_OVERLOADED: [503, "The shard is overloaded"],
  SHARD_UNAVAILABLE: [503, "The shard is unavailable"],
  DATABASE_UNAVAILABLE: [503, "The database is unavailable"],
  NO_CATALOG: [503, "There is no catalog"],
};

/** Fields that the contract names beside the usual ones; an instant (`…At`) is written in RFC 3339. */
function extraFields(extra: Failure["extra"]): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(extra ?? {})) {
    const isInstant = name.endsWith("At") && typeof value === "number";
    fields[name] = isInstant ? formatInstant(value) : value;
  }
  return fields;
}

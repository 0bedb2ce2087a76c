import { FailureError } from "./core/errors.ts";
import { LOG_LEVELS, type LogEvents, type LogLevel } from "./log-events.ts";

/** What is known about a request when it ends. Holds no token, no body and no user id: logs live longer than players. */
export interface RequestRecord {
  readonly requestId: string;
  readonly method: string;
  /** The pattern, such as `/v1/challenges/:challengeId`; null when no route matched. */
  readonly route: string | null;
  readonly status: number;
  readonly milliseconds: number;
  /** The caller's; null when nobody was recognised, and for a server key without one: an operator's. */
  readonly namespace: string | null;
  /** The shard that was asked; null when none was, or several. */
  readonly shard: string | null;
  /** The id of the server key, for requests that came with one. */
  readonly keyId: string | null;
  /** The error code of the answer; null for a success. */
  readonly code: string | null;
  /** What went wrong, for answers that do not say it. */
  readonly error: unknown;
}

export type RequestLog = (record: RequestRecord) => void;

/**
 * Writes one JSON line about a request.
 *
 * Level error for what nobody expected, warn for a failure that the caller was told of and may try again, else info.
 */
export function logRequest(record: RequestRecord): void {
  const { error, ...fields } = record;
  write(levelOf(record), {
    message: "request",
    ...fields,
    ...(error === undefined ? {} : { error: describeError(error) }),
  });
}

/**
 * The same for answers of 400 and above only.
 *
 * A line costs more than a cheap request: `wrangler dev` answers a third as many when it prints each, and the platform
 * bills lines, while its own invocation log has every request anyway.
 */
export function logProblem(record: RequestRecord): void {
  if (record.status >= 400) logRequest(record);
}

/** Writes one JSON line about something that is not a request; `log-events.ts` says which there are. */
export function logEvent<Name extends keyof LogEvents>(
  message: Name,
  fields: LogEvents[Name],
  error?: unknown,
): void {
  write(LOG_LEVELS[message], {
    message,
    ...fields,
    ...(error === undefined ? {} : { error: describeError(error) }),
  });
}

function levelOf({ status, code }: RequestRecord): LogLevel {
  if (status < 500) return "info";
  return code === "INTERNAL" ? "error" : "warn";
}

/** How far a chain of causes is followed; a cycle of causes must not hang the log. */
const CAUSES_MAX = 5;

/** An error as data, with its stack and its causes; JSON.stringify alone would print `{}`. */
function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return String(error);
  const { name, message, stack, cause } = error;
  const isEnd = cause === undefined || depth >= CAUSES_MAX;
  return {
    name,
    message,
    // Where an expected failure was thrown says nothing that its code does not.
    ...(error instanceof FailureError ? {} : { stack }),
    ...(isEnd ? {} : { cause: describeError(cause, depth + 1) }),
  };
}

function write(level: LogLevel, fields: Record<string, unknown>): void {
  console[level](JSON.stringify({ level, ...fields }));
}

/** What is known about a request when it ends. Holds no token, no body and no user id: logs live longer than players. */
export interface RequestRecord {
  readonly requestId: string;
  readonly method: string;
  /** The pattern, such as `/v1/challenges/:challengeId`; null when no route matched. */
  readonly route: string | null;
  readonly status: number;
  readonly durationMs: number;
  readonly namespace: string | null;
  /** The id of the server key, for requests that came with one. */
  readonly keyId: string | null;
  /** The error code of the answer; null for a success. */
  readonly code: string | null;
  /** What went wrong, for answers that do not say it. */
  readonly error: unknown;
}

export type RequestLog = (record: RequestRecord) => void;

/** Writes one JSON line per request: level error for 500 and above, else info. */
export function logRequest(record: RequestRecord): void {
  const { error, ...fields } = record;
  const isFault = record.status >= 500;
  write(isFault ? "error" : "info", {
    message: "request",
    ...fields,
    ...(error === undefined ? {} : { error: describeError(error) }),
  });
}

/** Writes one JSON line about something that is not a request. `fields` must hold no secrets. */
export function logEvent(
  level: "info" | "warn" | "error",
  message: string,
  fields: Readonly<Record<string, unknown>> = {},
  error?: unknown,
): void {
  write(level, {
    message,
    ...fields,
    ...(error === undefined ? {} : { error: describeError(error) }),
  });
}

/** How far a chain of causes is followed; a cycle of causes must not hang the log. */
const CAUSES_MAX = 5;

/** An error as data, with its stack and its causes; JSON.stringify alone would print `{}`. */
function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return String(error);
  const { name, message, stack, cause } = error;
  const isEnd = cause === undefined || depth >= CAUSES_MAX;
  return { name, message, stack, ...(isEnd ? {} : { cause: describeError(cause, depth + 1) }) };
}

function write(level: "info" | "warn" | "error", fields: Record<string, unknown>): void {
  console[level](JSON.stringify({ level, ...fields }));
}

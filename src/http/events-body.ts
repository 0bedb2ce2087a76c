import { FailureError } from "../core/errors.ts";
import { EVENTS_PER_REQUEST_MAX } from "../core/limits.ts";
import { isObject } from "./parse-event.ts";

/**
 * The events of a body of POST /v1/events, unchecked: one for a single event, up to 500 for `{events: […]}`.
 *
 * Only a body that is neither shape is refused as a whole (400), or one with too many (413): what is wrong inside of an
 * event is reported event by event.
 */
export function eventsOfBody(body: unknown): readonly unknown[] {
  if (!isObject(body)) throw neitherShape("The body must be a JSON object.", "$");
  if ("events" in body) return batchOf(body["events"]);
  if (SINGLE_EVENT_FIELDS.some((field) => field in body)) return [body];
  throw neitherShape("The body must be one event, or {events: […]}.", "$");
}

/** Any of these makes a body one event, however incomplete. */
const SINGLE_EVENT_FIELDS = ["id", "userId", "type"] as const;

function batchOf(events: unknown): readonly unknown[] {
  if (!Array.isArray(events) || events.length === 0) {
    throw neitherShape(`events must be an array of 1 to ${EVENTS_PER_REQUEST_MAX}.`, "$.events");
  }
  if (events.length > EVENTS_PER_REQUEST_MAX) {
    throw new FailureError({
      code: "BODY_TOO_LARGE",
      detail: `The body has ${events.length} events; send at most ${EVENTS_PER_REQUEST_MAX} in one request.`,
    });
  }
  return events;
}

function neitherShape(message: string, path: string): FailureError {
  return new FailureError({
    code: "INVALID_REQUEST",
    detail: message,
    errors: [{ path, message }],
  });
}

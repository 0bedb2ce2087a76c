import { identifierRule, isIdentifier } from "../core/identifier.ts";
import { parseInstant } from "../core/instant.ts";
import { EVENT_ID_LENGTH_MAX, ID_LENGTH_MAX } from "../core/limits.ts";
import type { GameEvent } from "../core/operation.ts";

export type ParsedEvent =
  | { readonly ok: true; readonly event: GameEvent }
  /** A sentence that names the field and what it must be. */
  | { readonly ok: false; readonly problem: string };

/**
 * Checks one event's shape; its age is for the shard to judge, which stamps the arrival.
 *
 * By hand and not by schema: a batch has 500 of them and game servers send tens of thousands a second. null counts as
 * absent. Reports the first problem.
 */
export function parseEvent(value: unknown): ParsedEvent {
  if (!isObject(value)) return problem("An event must be a JSON object.");
  const { id, userId, type } = value;
  if (!isIdentifier(id, EVENT_ID_LENGTH_MAX)) return problem(`id ${ID_RULE}.`);
  if (!isIdentifier(userId, ID_LENGTH_MAX)) return problem(`userId ${USER_ID_RULE}.`);
  if (type !== "login" && type !== "statistic") {
    return problem('type must be "login" or "statistic".');
  }
  const timestamp = parseTimestamp(value["timestamp"]);
  if (timestamp === undefined) {
    return problem("timestamp must be RFC 3339, such as 2026-11-24T20:15:30Z.");
  }
  const base = { id, userId, timestamp };
  return type === "login" ? parseLogin(base, value) : parseStatistic(base, value);
}

/** The id that an answer echoes: what the sender wrote, if it wrote text; cut where no id can be longer. */
export function echoedId(value: unknown): string | null {
  const id = isObject(value) ? value["id"] : undefined;
  return typeof id === "string" ? id.slice(0, EVENT_ID_LENGTH_MAX) : null;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const ID_RULE = identifierRule(EVENT_ID_LENGTH_MAX);
const USER_ID_RULE = identifierRule(ID_LENGTH_MAX);

type EventBase = Pick<GameEvent, "id" | "userId" | "timestamp">;

/** A login moves every login goal by one, whatever else it says. */
function parseLogin(base: EventBase, value: Readonly<Record<string, unknown>>): ParsedEvent {
  const statCode = value["statCode"] ?? "";
  if (statCode !== "" && !isIdentifier(statCode, ID_LENGTH_MAX)) {
    return problem(`statCode ${USER_ID_RULE}.`);
  }
  return { ok: true, event: { ...base, source: "login", statCode, latestValue: null, inc: 1 } };
}

function parseStatistic(base: EventBase, value: Readonly<Record<string, unknown>>): ParsedEvent {
  const statCode = value["statCode"];
  if (!isIdentifier(statCode, ID_LENGTH_MAX)) return problem(`statCode ${USER_ID_RULE}.`);
  const latestValue = value["latestValue"] ?? null;
  const inc = value["inc"] ?? null;
  if (!isAmount(latestValue)) return problem(`latestValue ${AMOUNT_RULE}.`);
  if (!isAmount(inc)) return problem(`inc ${AMOUNT_RULE}.`);
  if (latestValue === null && inc === null) {
    return problem("A statistic event needs latestValue, inc, or both.");
  }
  return { ok: true, event: { ...base, source: "statistic", statCode, latestValue, inc } };
}

const AMOUNT_RULE = "must be a finite number of 0 or more";

function isAmount(value: unknown): value is number | null {
  return value === null || (typeof value === "number" && Number.isFinite(value) && value >= 0);
}

/** Null: none given. Undefined: what was given is no instant. */
function parseTimestamp(value: unknown): number | null | undefined {
  if (value === undefined || value === null) return null;
  return typeof value === "string" ? (parseInstant(value) ?? undefined) : undefined;
}

function problem(sentence: string): ParsedEvent {
  return { ok: false, problem: sentence };
}

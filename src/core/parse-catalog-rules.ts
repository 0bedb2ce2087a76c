import { identifierRule, isIdentifier } from "./identifier.ts";
import { INSTANT_PATTERN, parseInstant } from "./instant.ts";
import { ID_LENGTH_MAX } from "./limits.ts";
import { nameChoice } from "./parse-catalog-problems.ts";
import { isTimeZone } from "./rotation-zone.ts";

/** What a value of the document must be. */
export interface Rule<T> {
  readonly accepts: (value: unknown) => value is T;
  /** The rest of a sentence that begins with the field. */
  readonly text: string;
  /** Read in place of a value that breaks the rule; never leaves the parser. */
  readonly standIn: T;
  /** Names of which a misspelt one may be meant. */
  readonly candidates?: () => readonly string[];
  /** What JSON Schema can say of it. May let through what `accepts` refuses, never the other way round. */
  readonly keywords: SchemaKeywords;
}

/** The keywords of JSON Schema (2020-12) that rules need; patterns work with and without the flag u. */
export interface SchemaKeywords {
  readonly type?: "string" | "boolean" | "number" | "integer";
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
}

const NO_NUL = "^[^\\u0000]*$";
const TIME_OF_DAY_PATTERN = /^([01]\d|2[0-3]):[0-5]\d$/;

/** For a field that is not read. */
export const ANYTHING: Rule<unknown> = {
  accepts: (value): value is unknown => value !== undefined,
  text: "may be anything",
  standIn: null,
  keywords: {},
};

/** An id that players, events and tables carry around. */
export const ID: Rule<string> = {
  accepts: (value) => isIdentifier(value, ID_LENGTH_MAX),
  text: identifierRule(ID_LENGTH_MAX),
  standIn: "",
  keywords: {
    type: "string",
    minLength: 1,
    maxLength: ID_LENGTH_MAX,
    pattern: "^[^\\u0000-\\u001f\\u007f-\\u009f]*$",
  },
};

/** Text for players, which may have lines; Postgres keeps neither U+0000 nor half a surrogate pair. */
export const TEXT: Rule<string> = {
  accepts: isText,
  text: "must be text in well-formed Unicode without U+0000",
  standIn: "",
  keywords: { type: "string", pattern: NO_NUL },
};

/** Text that players are to recognise something by. */
export const NAME: Rule<string> = {
  accepts: (value): value is string => isText(value) && value !== "",
  text: "must be text of at least 1 character, in well-formed Unicode without U+0000",
  standIn: "",
  keywords: { type: "string", minLength: 1, pattern: NO_NUL },
};

export const FLAG: Rule<boolean> = {
  accepts: (value) => typeof value === "boolean",
  text: "must be true or false",
  standIn: false,
  keywords: { type: "boolean" },
};

/** JSON can say 1e999, which reads as Infinity: no player reaches that. */
export const POSITIVE: Rule<number> = {
  accepts: (value): value is number => Number.isFinite(value) && Number(value) > 0,
  text: "must be a number greater than 0",
  standIn: 1,
  keywords: { type: "number", exclusiveMinimum: 0 },
};

/** RFC 3339 with an offset; from 1970 to 9999, so that it has one spelling in UTC. */
export const INSTANT: Rule<string> = {
  accepts: (value): value is string => {
    const instant = typeof value === "string" ? parseInstant(value) : null;
    return instant !== null && instant >= 0 && instant < Date.UTC(10_000, 0);
  },
  text: "must be a date and time with its offset from UTC (RFC 3339), such as 2026-12-01T00:00:00Z",
  standIn: "1970-01-01T00:00:00Z",
  keywords: { type: "string", pattern: INSTANT_PATTERN },
};

export const TIME_ZONE: Rule<string> = {
  accepts: (value): value is string => typeof value === "string" && isTimeZone(value),
  text: "must be an IANA time zone, such as Europe/Berlin",
  standIn: "UTC",
  candidates: () => Intl.supportedValuesOf("timeZone"),
  keywords: { type: "string", minLength: 1 },
};

export const TIME_OF_DAY: Rule<string> = {
  accepts: (value): value is string => typeof value === "string" && TIME_OF_DAY_PATTERN.test(value),
  text: "must be a time of day as HH:MM, from 00:00 to 23:59",
  standIn: "00:00",
  keywords: { type: "string", pattern: TIME_OF_DAY_PATTERN.source },
};

/** A whole number that a double holds exactly. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): Rule<number> {
  const range =
    most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  return {
    accepts: (value): value is number =>
      Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most,
    text: `must be a whole number ${range}`,
    standIn: least,
    keywords: { type: "integer", minimum: least, maximum: most },
  };
}

/** One of a few words. The first is the stand-in. */
export function oneOf<T extends string>(...choices: readonly [T, ...T[]]): Rule<T> {
  return {
    accepts: (value): value is T => choices.some((choice) => choice === value),
    text: `must be ${nameChoice(choices)}`,
    standIn: choices[0],
    candidates: () => choices,
    keywords: { type: "string", enum: choices },
  };
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.isWellFormed() && !value.includes("\u0000");
}

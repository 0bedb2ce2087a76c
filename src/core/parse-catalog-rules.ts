import { identifierRule, isIdentifier } from "./identifier.ts";
import { parseInstant } from "./instant.ts";
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
}

/** An id that players, events and tables carry around. */
export const ID: Rule<string> = {
  accepts: (value) => isIdentifier(value, ID_LENGTH_MAX),
  text: identifierRule(ID_LENGTH_MAX),
  standIn: "",
};

/** Text for players, which may have lines; Postgres keeps neither U+0000 nor half a surrogate pair. */
export const TEXT: Rule<string> = {
  accepts: isText,
  text: "must be text in well-formed Unicode without U+0000",
  standIn: "",
};

/** Text that players are to recognise something by. */
export const NAME: Rule<string> = {
  accepts: (value): value is string => isText(value) && value !== "",
  text: "must be text of at least 1 character, in well-formed Unicode without U+0000",
  standIn: "",
};

export const FLAG: Rule<boolean> = {
  accepts: (value) => typeof value === "boolean",
  text: "must be true or false",
  standIn: false,
};

/** JSON can say 1e999, which reads as Infinity: no player reaches that. */
export const POSITIVE: Rule<number> = {
  accepts: (value): value is number => Number.isFinite(value) && Number(value) > 0,
  text: "must be a number greater than 0",
  standIn: 1,
};

/** RFC 3339 with an offset; from 1970 to 9999, so that it has one spelling in UTC. */
export const INSTANT: Rule<string> = {
  accepts: (value): value is string => {
    const instant = typeof value === "string" ? parseInstant(value) : null;
    return instant !== null && instant >= 0 && instant < Date.UTC(10_000, 0);
  },
  text: "must be a date and time with its offset from UTC (RFC 3339), such as 2026-12-01T00:00:00Z",
  standIn: "1970-01-01T00:00:00Z",
};

export const TIME_ZONE: Rule<string> = {
  accepts: (value): value is string => typeof value === "string" && isTimeZone(value),
  text: "must be an IANA time zone, such as Europe/Berlin",
  standIn: "UTC",
  candidates: () => Intl.supportedValuesOf("timeZone"),
};

export const TIME_OF_DAY: Rule<string> = {
  accepts: (value): value is string =>
    typeof value === "string" && /^([01]\d|2[0-3]):[0-5]\d$/.test(value),
  text: "must be a time of day as HH:MM, from 00:00 to 23:59",
  standIn: "00:00",
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
  };
}

/** One of a few words. The first is the stand-in. */
export function oneOf<T extends string>(...choices: readonly [T, ...T[]]): Rule<T> {
  return {
    accepts: (value): value is T => choices.some((choice) => choice === value),
    text: `must be ${nameChoice(choices)}`,
    standIn: choices[0],
    candidates: () => choices,
  };
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.isWellFormed() && !value.includes("\u0000");
}

import type { Rotation } from "./catalog.ts";
import { ON_EXPIRY_FIELDS, type ROTATION_FIELDS } from "./parse-catalog-fields.ts";
import type { ReaderOf } from "./parse-catalog-reader.ts";
import { FLAG, oneOf, TIME_OF_DAY, TIME_ZONE, wholeNumber } from "./parse-catalog-rules.ts";

/** A daily rotation with every default; also what the legacy type `daily` means. */
export const DAILY_ROTATION: Rotation = {
  enabled: true,
  type: "global",
  schedule: "daily",
  timeZone: "UTC",
  resetTime: "00:00",
  weekday: 1,
  dayOfMonth: 1,
  onExpiry: { resetProgress: true, allowReselection: true },
  claimGraceSeconds: 86_400,
};

/** Reads a rotation; an `onExpiry` that is left out is one with its defaults. */
export function readRotation(reader: ReaderOf<typeof ROTATION_FIELDS>): Rotation {
  const standard = DAILY_ROTATION;
  const onExpiry = reader.optionalObject("onExpiry", ON_EXPIRY_FIELDS);
  return {
    enabled: reader.required("enabled", FLAG),
    type: reader.required("type", TYPE),
    schedule: reader.required("schedule", SCHEDULE),
    timeZone: reader.optional("timeZone", TIME_ZONE, standard.timeZone),
    resetTime: reader.optional("resetTime", TIME_OF_DAY, standard.resetTime),
    weekday: reader.optional("weekday", WEEKDAY, standard.weekday),
    dayOfMonth: reader.optional("dayOfMonth", DAY_OF_MONTH, standard.dayOfMonth),
    onExpiry: {
      resetProgress: onExpiry.optional("resetProgress", FLAG, standard.onExpiry.resetProgress),
      allowReselection: onExpiry.optional(
        "allowReselection",
        FLAG,
        standard.onExpiry.allowReselection,
      ),
    },
    claimGraceSeconds: reader.optional("claimGraceSeconds", GRACE, standard.claimGraceSeconds),
  };
}

const TYPE = oneOf("global");
const SCHEDULE = oneOf("daily", "weekly", "monthly");
const WEEKDAY = wholeNumber(1, 7);
const DAY_OF_MONTH = wholeNumber(1, 31);
/** Ten years: longer than any season, and far from the end of what a timestamp holds. */
const CLAIM_GRACE_SECONDS_MAX = 10 * 365 * 86_400;
const GRACE = wholeNumber(0, CLAIM_GRACE_SECONDS_MAX);

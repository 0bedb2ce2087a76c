import { DAILY_ROTATION } from "./daily-rotation.ts";
import { fieldTable, optional, required } from "./parse-catalog-fields.ts";
import { FLAG, oneOf, TIME_OF_DAY, TIME_ZONE, wholeNumber } from "./parse-catalog-rules.ts";

/** What a period leaves behind. */
export const ON_EXPIRY_FIELDS = fieldTable(
  "onExpiry",
  {
    resetProgress: optional(
      FLAG,
      DAILY_ROTATION.onExpiry.resetProgress,
      "Progress starts at 0 in each period; false: what is not claimed carries over.",
    ),
    allowReselection: optional(
      FLAG,
      DAILY_ROTATION.onExpiry.allowReselection,
      "A claimed goal opens again in the next period; false: it is claimed once and for good.",
    ),
  },
  {},
);

/** Ten years: longer than any season, and far from the end of what a timestamp holds. */
const CLAIM_GRACE_SECONDS_MAX = 10 * 365 * 86_400;

/** When a goal starts anew. */
export const ROTATION_FIELDS = fieldTable(
  "rotation",
  {
    enabled: required(FLAG, "false keeps the rule in the document without using it."),
    type: required(oneOf("global"), "The same periods for everybody."),
    schedule: required(oneOf("daily", "weekly", "monthly"), "How often a new period begins."),
    timeZone: optional(TIME_ZONE, DAILY_ROTATION.timeZone, "The clock by which periods begin."),
    resetTime: optional(
      TIME_OF_DAY,
      DAILY_ROTATION.resetTime,
      "The time of day, on that clock, at which a period begins.",
    ),
    weekday: optional(
      wholeNumber(1, 7),
      DAILY_ROTATION.weekday,
      "The day on which a weekly period begins: 1 is Monday, 7 is Sunday.",
    ),
    dayOfMonth: optional(
      wholeNumber(1, 31),
      DAILY_ROTATION.dayOfMonth,
      "The day on which a monthly period begins; in a shorter month it is the last day.",
    ),
    claimGraceSeconds: optional(
      wholeNumber(0, CLAIM_GRACE_SECONDS_MAX),
      DAILY_ROTATION.claimGraceSeconds,
      "How long after its period's end a completion that the reset took away can still be claimed; 0: not at all.",
    ),
  },
  {
    onExpiry: {
      meaning: "What happens to a player's goal when its period ends.",
      content: { kind: "object", of: ON_EXPIRY_FIELDS },
      isRequired: false,
      otherwise: {},
    },
  },
);

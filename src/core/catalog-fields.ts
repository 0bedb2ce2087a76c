import { ROTATION_FIELDS } from "./catalog-fields-rotation.ts";
import type { ProgressMode } from "./catalog.ts";
import { fieldTable, legacy, optional, required } from "./parse-catalog-fields.ts";
import {
  ANYTHING,
  FLAG,
  ID,
  INSTANT,
  NAME,
  oneOf,
  POSITIVE,
  TEXT,
  wholeNumber,
} from "./parse-catalog-rules.ts";

/** What completes a goal. */
export const REQUIREMENT_FIELDS = fieldTable(
  "requirement",
  {
    statCode: required(
      ID,
      "The statistic that counts. A login goal has one too, but every login moves it.",
    ),
    operator: required(oneOf(">="), "Completed when progress is at least the target."),
    targetValue: required(POSITIVE, "The progress that completes the goal."),
    progressMode: optional(
      oneOf<ProgressMode>("absolute", "relative", "count", "days"),
      "absolute",
      "How progress is counted: the statistic itself, its growth, matching events, or days with one.",
    ),
  },
  {},
);

/** What a claim pays. */
export const REWARD_FIELDS = fieldTable(
  "reward",
  {
    type: required(oneOf("ITEM", "WALLET"), "An item, or an amount of a currency."),
    rewardId: required(ID, "Which item or currency, as the reward service calls it."),
    quantity: required(wholeNumber(1), "How many. Items and coins are handed out whole."),
  },
  {},
);

/** `type` and `daily` are how the legacy form says what `requirement.progressMode` and `rotation` say now. */
export const GOAL_FIELDS = fieldTable(
  "goal",
  {
    goalId: required(ID, "Its id, unique in the whole catalog."),
    name: required(NAME, "What players read."),
    description: required(TEXT, "What players read below the name; may be empty."),
    eventSource: required(
      oneOf("login", "statistic"),
      "What moves it: every login of the player, or events of its statistic.",
    ),
    defaultAssigned: optional(
      FLAG,
      false,
      "Every player has it from the start; false: a player or the game switches it on.",
    ),
    type: legacy(oneOf("absolute", "increment", "daily")),
    daily: legacy(FLAG),
  },
  {
    requirement: {
      meaning: "What completes it.",
      content: { kind: "object", of: REQUIREMENT_FIELDS },
      isRequired: true,
    },
    reward: {
      meaning: "What claiming it pays.",
      content: { kind: "object", of: REWARD_FIELDS },
      isRequired: true,
    },
    prerequisites: {
      meaning:
        "Ids of goals, of any challenge, that must be completed before this one can be claimed.",
      content: { kind: "texts", rule: ID },
      isRequired: false,
      otherwise: [],
    },
    rotation: {
      meaning: "When it starts anew; null: never. Only for the modes relative, count and days.",
      content: { kind: "object", of: ROTATION_FIELDS },
      isRequired: false,
      otherwise: null,
    },
  },
  { id: "goalId" },
);

/** Goals that belong together, and the window in which they are open. */
export const CHALLENGE_FIELDS = fieldTable(
  "challenge",
  {
    challengeId: required(ID, "Its id, unique in the catalog."),
    name: required(NAME, "What players read."),
    description: required(TEXT, "What players read below the name; may be empty."),
    startsAt: optional(
      INSTANT,
      null,
      "Players do not see it before; null: it has always been open.",
    ),
    endsAt: optional(
      INSTANT,
      null,
      "Events no longer count from then on; later than startsAt. null: it never ends.",
    ),
  },
  {
    tags: {
      meaning: "Words for the client's use, such as a tab to show it under.",
      content: { kind: "texts", rule: NAME },
      isRequired: false,
      otherwise: [],
    },
    goals: {
      meaning: "Its goals.",
      content: { kind: "objects", of: GOAL_FIELDS },
      isRequired: true,
    },
  },
  { id: "challengeId" },
);

/** The whole catalog: what the JSON Schema and the reference in docs/ start from (`npm run catalog:docs`). */
export const DOCUMENT_FIELDS = fieldTable(
  "catalog",
  { $schema: optional(ANYTHING, null, "Where your editor finds the schema. It is not read.") },
  {
    challenges: {
      meaning: "All challenges of the game.",
      content: { kind: "objects", of: CHALLENGE_FIELDS },
      isRequired: true,
    },
  },
);

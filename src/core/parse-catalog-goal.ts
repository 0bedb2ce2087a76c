import type { Goal, ProgressMode, Requirement, Reward } from "./catalog.ts";
import {
  GOAL_FIELDS,
  REQUIREMENT_FIELDS,
  REWARD_FIELDS,
  ROTATION_FIELDS,
} from "./parse-catalog-fields.ts";
import { type LegacyMeaning, NOT_LEGACY, readLegacyType } from "./parse-catalog-legacy.ts";
import type { LinkedGoal } from "./parse-catalog-links.ts";
import type { ProblemList } from "./parse-catalog-problems.ts";
import { ObjectReader, type ReaderOf } from "./parse-catalog-reader.ts";
import { readRotation } from "./parse-catalog-rotation.ts";
import { FLAG, ID, NAME, oneOf, POSITIVE, TEXT, wholeNumber } from "./parse-catalog-rules.ts";

/** Reads one goal with all that it holds; whether its links hold is for the whole document to say. */
export function readGoal(
  value: unknown,
  path: string,
  problems: ProblemList,
): LinkedGoal & { readonly goal: Goal } {
  const reader = new ObjectReader(value, path, GOAL_FIELDS, problems);
  const goalId = reader.required("goalId", ID);
  const name = reader.required("name", NAME);
  const description = reader.required("description", TEXT);
  const eventSource = reader.required("eventSource", EVENT_SOURCE);
  const defaultAssigned = reader.optional("defaultAssigned", FLAG, false);
  const requirementReader = reader.requiredObject("requirement", REQUIREMENT_FIELDS);
  const legacy = requirementReader.has("progressMode") ? NOT_LEGACY : readLegacyType(reader);
  const requirement = readRequirement(requirementReader, legacy);
  const reward = readReward(reader.requiredObject("reward", REWARD_FIELDS));
  const prerequisites = reader.items("prerequisites", ID);
  const rotation = reader.has("rotation")
    ? readRotation(reader.optionalObject("rotation", ROTATION_FIELDS))
    : legacy.rotation;
  const isAbsolute =
    requirement.progressMode === "absolute" && !requirementReader.isRefused("progressMode");
  if (isAbsolute && rotation?.enabled === true) {
    reader.report("rotation", CANNOT_ROTATE);
  }
  return {
    goal: {
      goalId,
      name,
      description,
      eventSource,
      defaultAssigned,
      requirement,
      reward,
      prerequisites: [...new Set(prerequisites.map((prerequisite) => prerequisite.value))],
      rotation,
    },
    id: { value: goalId, path: reader.pathOf("goalId") },
    prerequisites,
    prerequisitesPath: reader.pathOf("prerequisites"),
  };
}

const EVENT_SOURCE = oneOf("login", "statistic");
const OPERATOR = oneOf(">=");
const PROGRESS_MODE = oneOf<ProgressMode>("absolute", "relative", "count", "days");
const REWARD_TYPE = oneOf("ITEM", "WALLET");
/** Items and coins are handed out whole. */
const QUANTITY = wholeNumber(1);

const CANNOT_ROTATE =
  "cannot reset a goal in mode absolute, whose progress is the statistic itself; set requirement.progressMode to " +
  '"relative" (gain since the reset), "count" (events) or "days", or leave the rotation out';

function readRequirement(
  reader: ReaderOf<typeof REQUIREMENT_FIELDS>,
  legacy: LegacyMeaning,
): Requirement {
  return {
    statCode: reader.required("statCode", ID),
    operator: reader.required("operator", OPERATOR),
    targetValue: readTarget(reader, legacy),
    progressMode: reader.optional("progressMode", PROGRESS_MODE, legacy.progressMode),
  };
}

function readTarget(reader: ReaderOf<typeof REQUIREMENT_FIELDS>, legacy: LegacyMeaning): number {
  if (legacy.targetValue === null) return reader.required("targetValue", POSITIVE);
  // The legacy type decides; what is written must make sense all the same.
  reader.optional("targetValue", POSITIVE, null);
  return legacy.targetValue;
}

function readReward(reader: ReaderOf<typeof REWARD_FIELDS>): Reward {
  return {
    type: reader.required("type", REWARD_TYPE),
    rewardId: reader.required("rewardId", ID),
    quantity: reader.required("quantity", QUANTITY),
  };
}

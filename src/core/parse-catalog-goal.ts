import { ROTATION_FIELDS } from "./catalog-fields-rotation.ts";
import { GOAL_FIELDS, REQUIREMENT_FIELDS, REWARD_FIELDS } from "./catalog-fields.ts";
import type { Goal, Requirement, Reward } from "./catalog.ts";
import { type LegacyMeaning, NOT_LEGACY, readLegacyType } from "./parse-catalog-legacy.ts";
import type { LinkedGoal } from "./parse-catalog-links.ts";
import type { ProblemList } from "./parse-catalog-problems.ts";
import { ObjectReader, type ReaderOf } from "./parse-catalog-reader.ts";
import { readRotation } from "./parse-catalog-rotation.ts";
import { ID } from "./parse-catalog-rules.ts";

/** Reads one goal with all that it holds; whether its links hold is for the whole document to say. */
export function readGoal(
  value: unknown,
  path: string,
  problems: ProblemList,
): LinkedGoal & { readonly goal: Goal } {
  const reader = new ObjectReader(value, path, GOAL_FIELDS, problems);
  const goalId = reader.value("goalId");
  const name = reader.value("name");
  const description = reader.value("description");
  const eventSource = reader.value("eventSource");
  const defaultAssigned = reader.value("defaultAssigned");
  const requirementReader = reader.object("requirement", REQUIREMENT_FIELDS);
  const legacy = requirementReader.has("progressMode") ? NOT_LEGACY : readLegacyType(reader);
  const requirement = readRequirement(requirementReader, legacy);
  const reward = readReward(reader.object("reward", REWARD_FIELDS));
  const prerequisites = reader.texts("prerequisites", ID);
  const rotation = reader.has("rotation")
    ? readRotation(reader.object("rotation", ROTATION_FIELDS))
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

const CANNOT_ROTATE =
  "cannot reset a goal in mode absolute, whose progress is the statistic itself; set requirement.progressMode to " +
  '"relative" (gain since the reset), "count" (events) or "days", or leave the rotation out';

function readRequirement(
  reader: ReaderOf<typeof REQUIREMENT_FIELDS>,
  legacy: LegacyMeaning,
): Requirement {
  return {
    statCode: reader.value("statCode"),
    operator: reader.value("operator"),
    targetValue: readTarget(reader, legacy),
    progressMode: reader.valueOr("progressMode", legacy.progressMode),
  };
}

function readTarget(reader: ReaderOf<typeof REQUIREMENT_FIELDS>, legacy: LegacyMeaning): number {
  if (legacy.targetValue === null) return reader.value("targetValue");
  // The legacy type decides; what is written must make sense all the same.
  reader.valueOr("targetValue", null);
  return legacy.targetValue;
}

function readReward(reader: ReaderOf<typeof REWARD_FIELDS>): Reward {
  return {
    type: reader.value("type"),
    rewardId: reader.value("rewardId"),
    quantity: reader.value("quantity"),
  };
}

import type { GOAL_FIELDS } from "./catalog-fields.ts";
import type { ProgressMode, Rotation } from "./catalog.ts";
import { DAILY_ROTATION } from "./daily-rotation.ts";
import type { ReaderOf } from "./parse-catalog-reader.ts";

/** What a goal's legacy `type` says about things that the current form says elsewhere. */
export interface LegacyMeaning {
  readonly progressMode: ProgressMode;
  /** Null: as the requirement says. */
  readonly targetValue: number | null;
  /** Used where the goal has no rotation of its own. */
  readonly rotation: Rotation | null;
}

/** A goal without `type`, or one whose `progressMode` has overruled it. */
export const NOT_LEGACY: LegacyMeaning = {
  progressMode: "absolute",
  targetValue: null,
  rotation: null,
};

/**
 * Reads `type` and `daily` of a goal that has no progressMode; for one that has, they are leftovers and nobody asks.
 *
 * `absolute` is mode absolute, `increment` mode count, `increment` with `daily: true` mode days, and `daily` mode count
 * with target 1 and a daily rotation.
 */
export function readLegacyType(goal: ReaderOf<typeof GOAL_FIELDS>): LegacyMeaning {
  const type = goal.value("type");
  const isDaily = goal.value("daily") === true;
  if (type === "daily") return { progressMode: "count", targetValue: 1, rotation: DAILY_ROTATION };
  if (type === "increment") return { ...NOT_LEGACY, progressMode: isDaily ? "days" : "count" };
  if (isDaily) goal.report("daily", DAILY_ALONE);
  return NOT_LEGACY;
}

const DAILY_ALONE =
  'means something only beside "type": "increment"; to count days, set requirement.progressMode to "days"';

import { findCircles } from "./find-circles.ts";
import { type ProblemList, quote } from "./parse-catalog-problems.ts";
import type { Located } from "./parse-catalog-reader.ts";

/** A goal as far as other goals can see it. */
export interface LinkedGoal {
  readonly id: Located<string>;
  readonly prerequisites: readonly Located<string>[];
  readonly prerequisitesPath: string;
}

/** Reports every id that was used before, naming the place. */
export function checkUnique(
  kind: "challenge" | "goal",
  ids: readonly Located<string>[],
  problems: ProblemList,
): void {
  const firstPaths = new Map<string, string>();
  for (const { value, path } of ids) {
    const firstPath = firstPaths.get(value);
    // Empty is the stand-in for an id that was reported already.
    if (firstPath === undefined || value === "") firstPaths.set(value, path);
    else {
      const message = `is ${quote(value)}, which is the id of the ${kind} at ${firstPath} already`;
      problems.add(path, `${message}; each ${kind} in the catalog needs an id of its own`);
    }
  }
}

/** Reports prerequisites that no goal has, that are the goal itself, and circles of them (each circle once). */
export function checkPrerequisites(goals: readonly LinkedGoal[], problems: ProblemList): void {
  const goalsById = new Map<string, LinkedGoal>();
  for (const goal of goals) if (!goalsById.has(goal.id.value)) goalsById.set(goal.id.value, goal);
  for (const goal of goals) checkEachOf(goal, goalsById, problems);

  const needs = new Map<string, string[]>();
  for (const [id, goal] of goalsById) {
    const others = goal.prerequisites.map((prerequisite) => prerequisite.value);
    needs.set(
      id,
      others.filter((other) => other !== id),
    );
  }
  for (const circle of findCircles(needs)) {
    const [first = ""] = circle;
    const path = goalsById.get(first)?.prerequisitesPath ?? "$";
    problems.add(path, `make a circle: ${nameCircle(circle)}; nobody could ever claim one of them`);
  }
}

function checkEachOf(
  goal: LinkedGoal,
  goalsById: ReadonlyMap<string, LinkedGoal>,
  problems: ProblemList,
): void {
  for (const { value, path } of goal.prerequisites) {
    if (value === "") continue;
    if (value === goal.id.value) {
      problems.add(path, `is ${quote(value)}, the goal itself; a goal cannot wait for itself`);
    } else if (!goalsById.has(value)) {
      problems.add(path, () => {
        const others = [...goalsById.keys()].filter((id) => id !== goal.id.value);
        return `is ${quote(value)}, but no goal has this id${problems.didYouMean(value, others)}`;
      });
    }
  }
}

/** Goals of a circle that a sentence names; it says how many there are beyond. */
const CIRCLE_SHOWN_MAX = 10;

function nameCircle(circle: readonly string[]): string {
  const [first = ""] = circle;
  const shown = circle.slice(0, CIRCLE_SHOWN_MAX).map(quote);
  const more = circle.length - shown.length;
  const skipped = more > 0 ? [`${more} more`] : [];
  return [...shown, ...skipped, quote(first)].join(" needs ");
}

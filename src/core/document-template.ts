import type { Catalog, ChallengeEntry, Goal, GoalEntry } from "./catalog.ts";
import { type GoalState, goalState, type ViewOptions } from "./goal-state.ts";
import type { Rows } from "./player.ts";

/**
 * A catalog version as text with holes: each goal's static part is encoded once, a player's few values are spliced in.
 *
 * A catalog of 500 goals is about 225 KB of JSON; encoding that for each request was the CPU limit of the system that
 * this one replaces. Runs of goals that no row, rotation or prerequisite touches are copied as one piece.
 */
export interface DocumentTemplate {
  /** One challenge as JSON text; null when `activeOnly` leaves nothing of it. `rows` must be rolled. */
  challenge(entry: ChallengeEntry, rows: Rows, options: ViewOptions): string | null;
}

/** The template of a catalog version; made at the first call, kept as long as the catalog is. */
export function templateOf(catalog: Catalog): DocumentTemplate {
  const known = templates.get(catalog);
  if (known !== undefined) return known;
  const challenges = new Map<ChallengeEntry, ChallengeTemplate>();
  for (const entry of catalog.challenges.values()) challenges.set(entry, encodeChallenge(entry));
  const template: DocumentTemplate = {
    challenge: (entry, rows, options) => {
      const encoded = challenges.get(entry) ?? encodeChallenge(entry);
      return options.activeOnly === true
        ? activeGoals(encoded, rows, options)
        : allGoals(encoded, rows, options);
    },
  };
  templates.set(catalog, template);
  return template;
}

const templates = new WeakMap<Catalog, DocumentTemplate>();

interface GoalTemplate {
  readonly entry: GoalEntry;
  /** `{"goalId":…,"rotation":…,` */
  readonly head: string;
  /** The whole goal for a player without a row; null where that depends on the time. */
  readonly blank: string | null;
}

interface ChallengeTemplate {
  /** `{"challengeId":…,"goals":[` */
  readonly head: string;
  readonly goals: readonly GoalTemplate[];
  /** All goals for a player without rows, or null where one of them depends on the time. */
  readonly blankGoals: string | null;
}

const NO_ROWS: Rows = new Map();

function encodeChallenge(entry: ChallengeEntry): ChallengeTemplate {
  const { challengeId, name, description, tags, startsAt, endsAt } = entry.challenge;
  const head = JSON.stringify({ challengeId, name, description, tags, startsAt, endsAt });
  const goals = entry.goals.map(encodeGoal);
  const isTimeless = goals.every((goal) => goal.blank !== null);
  return {
    head: `${head.slice(0, -1)},"goals":[`,
    goals,
    blankGoals: isTimeless ? goals.map((goal) => goal.blank).join(",") : null,
  };
}

function encodeGoal(entry: GoalEntry): GoalTemplate {
  const head = `${JSON.stringify(staticPart(entry.goal)).slice(0, -1)},`;
  // A window makes a default goal's isActive, and a rotation its expiresAt, depend on the time.
  const isTimeless = entry.rotation === null && entry.challenge.startsAtMs === -Infinity;
  const blank = isTimeless ? head + encodeState(goalState(entry, NO_ROWS, 0)) : null;
  return { entry, head, blank };
}

function staticPart(goal: Goal): Goal {
  const { goalId, name, description, eventSource, defaultAssigned } = goal;
  const { requirement, reward, prerequisites, rotation } = goal;
  return {
    goalId,
    name,
    description,
    eventSource,
    defaultAssigned,
    requirement,
    reward,
    prerequisites,
    rotation,
  };
}

function allGoals(template: ChallengeTemplate, rows: Rows, { now }: ViewOptions): string {
  if (rows.size === 0 && template.blankGoals !== null) {
    return `${template.head}${template.blankGoals}]}`;
  }
  const goals: string[] = [];
  for (const goal of template.goals) {
    const isBlank = goal.blank !== null && !isTouched(goal.entry, rows);
    goals.push(isBlank && goal.blank !== null ? goal.blank : encodeWhole(goal, rows, now));
  }
  return `${template.head}${goals.join(",")}]}`;
}

function isTouched(entry: GoalEntry, rows: Rows): boolean {
  if (rows.has(entry.goal.goalId)) return true;
  return entry.goal.prerequisites.some((goalId) => rows.has(goalId));
}

function activeGoals(template: ChallengeTemplate, rows: Rows, { now }: ViewOptions): string | null {
  const goals: string[] = [];
  for (const goal of template.goals) {
    const isActive = rows.get(goal.entry.goal.goalId)?.isActive ?? goal.entry.goal.defaultAssigned;
    const isOpen = now >= goal.entry.challenge.startsAtMs;
    if (isActive && isOpen) goals.push(encodeWhole(goal, rows, now));
  }
  return goals.length === 0 ? null : `${template.head}${goals.join(",")}]}`;
}

function encodeWhole(goal: GoalTemplate, rows: Rows, now: number): string {
  return goal.head + encodeState(goalState(goal.entry, rows, now));
}

/** The tail of a goal, with the closing brace. By hand: its values are numbers, flags, and text of our own making. */
function encodeState(state: GoalState): string {
  const late = state.lateClaim === null ? "null" : JSON.stringify(state.lateClaim);
  return (
    `"progress":${state.progress},"status":"${state.status}","isActive":${state.isActive},` +
    `"locked":${state.locked},"assignedAt":${quoted(state.assignedAt)},` +
    `"completedAt":${quoted(state.completedAt)},"claimedAt":${quoted(state.claimedAt)},` +
    `"expiresAt":${quoted(state.expiresAt)},"expiresInSeconds":${state.expiresInSeconds},` +
    `"claimPending":${state.claimPending},"lateClaim":${late}}`
  );
}

function quoted(text: string | null): string {
  return text === null ? "null" : `"${text}"`;
}

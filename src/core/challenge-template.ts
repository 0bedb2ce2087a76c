import { BytePieces } from "./byte-pieces.ts";
import type { ChallengeEntry, Goal, GoalEntry } from "./catalog.ts";
import { goalStateText } from "./goal-state-text.ts";
import { goalState } from "./goal-state.ts";
import type { Rows } from "./player.ts";
import { isTimed } from "./touched-goals.ts";

/** A challenge as a player without rows sees it, and where in it each goal is. */
export interface ChallengeTemplate {
  /** JSON in UTF-8. Goals that time changes lack their state: it is made for each document. */
  readonly bytes: Uint8Array;
  /** Where the list of goals begins, after its bracket. */
  readonly goalsAt: number;
  readonly places: ReadonlyMap<GoalEntry, GoalPlace>;
}

/** Positions of a goal in its challenge's bytes. */
export interface GoalPlace {
  /** Of the opening brace. */
  readonly startsAt: number;
  /** Of the first field that differs from player to player; only such fields follow. */
  readonly stateAt: number;
  /** After the closing brace. */
  readonly endsAt: number;
}

/** The challenge's template; made at the first call, kept as long as the catalog is. */
export function challengeTemplate(entry: ChallengeEntry): ChallengeTemplate {
  const known = templates.get(entry);
  if (known !== undefined) return known;
  const template = encodeChallenge(entry);
  templates.set(entry, template);
  return template;
}

const templates = new WeakMap<ChallengeEntry, ChallengeTemplate>();
const NO_ROWS: Rows = new Map();
const utf8 = new TextEncoder();

function encodeChallenge(entry: ChallengeEntry): ChallengeTemplate {
  const { challengeId, name, description, tags, startsAt, endsAt } = entry.challenge;
  const pieces = new BytePieces();
  let length = 0;
  /** Returns the position after the text. */
  const add = (text: string): number => {
    const bytes = utf8.encode(text);
    pieces.add(bytes);
    return (length += bytes.length);
  };
  const head = opened({ challengeId, name, description, tags, startsAt, endsAt });
  const goalsAt = add(`${head}"goals":[`);
  const places = new Map<GoalEntry, GoalPlace>();
  for (const [index, goal] of entry.goals.entries()) {
    const startsAt = index === 0 ? goalsAt : add(",");
    const stateAt = add(opened(staticPart(goal.goal)));
    places.set(goal, { startsAt, stateAt, endsAt: add(blankState(goal)) });
  }
  add("]}");
  return { bytes: pieces.join(), goalsAt, places };
}

/** The state of the goal without a row. Of a goal that is not timed any instant gives the same. */
function blankState(entry: GoalEntry): string {
  return isTimed(entry) ? "" : goalStateText(goalState(entry, NO_ROWS, 0));
}

/** The object as JSON with a comma where its closing brace would be: more fields follow. */
function opened(value: object): string {
  return `${JSON.stringify(value).slice(0, -1)},`;
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

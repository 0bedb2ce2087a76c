import type { BytePieces } from "./byte-pieces.ts";
import type { ChallengeEntry, GoalEntry } from "./catalog.ts";
import { type ChallengeTemplate, challengeTemplate, type GoalPlace } from "./challenge-template.ts";
import { goalStateText } from "./goal-state-text.ts";
import { goalState } from "./goal-state.ts";
import type { Rows } from "./player.ts";

/** A player's rows, rolled to this instant. */
export interface RolledRows {
  readonly rows: Rows;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * Adds the challenge with all of its goals as JSON: the template, with the states of the touched goals spliced in.
 *
 * A catalog of 500 goals is about 280 KB of JSON; encoding that for each request was the CPU limit of the system that this
 * one replaces, and as one string per request it kept the garbage collector busy. So what lies between two touched goals
 * is copied as one piece of bytes, and nothing of it is encoded. `touched` has to be in catalog order.
 */
export function addWholeChallenge(
  pieces: BytePieces,
  challenge: ChallengeEntry,
  touched: readonly GoalEntry[],
  player: RolledRows,
): void {
  const template = challengeTemplate(challenge);
  const { bytes } = template;
  let copiedTo = 0;
  for (const entry of touched) {
    const place = placeOf(template, entry);
    pieces.add(bytes.subarray(copiedTo, place.stateAt));
    addState(pieces, entry, player);
    copiedTo = place.endsAt;
  }
  pieces.add(bytes.subarray(copiedTo));
}

/** Adds the challenge with only these of its goals as JSON. */
export function addPartOfChallenge(
  pieces: BytePieces,
  challenge: ChallengeEntry,
  goals: readonly GoalEntry[],
  player: RolledRows,
): void {
  const template = challengeTemplate(challenge);
  const { bytes, goalsAt } = template;
  pieces.add(bytes.subarray(0, goalsAt));
  for (const [index, entry] of goals.entries()) {
    const place = placeOf(template, entry);
    if (index > 0) pieces.addText(",");
    pieces.add(bytes.subarray(place.startsAt, place.stateAt));
    addState(pieces, entry, player);
  }
  pieces.addText("]}");
}

function addState(pieces: BytePieces, entry: GoalEntry, { rows, now }: RolledRows): void {
  pieces.addText(goalStateText(goalState(entry, rows, now)));
}

/** A goal of another challenge is a programming error: left out in silence it would be missing from a document. */
function placeOf({ places }: ChallengeTemplate, entry: GoalEntry): GoalPlace {
  const place = places.get(entry);
  if (place === undefined) throw new Error(`${entry.goal.goalId} is no goal of this challenge.`);
  return place;
}

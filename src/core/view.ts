import { assignableGoals } from "./assignable-goals.ts";
import { BytePieces } from "./byte-pieces.ts";
import type { Catalog, CatalogDocument, ChallengeEntry, GoalEntry } from "./catalog.ts";
import { isVisible } from "./command.ts";
import { addPartOfChallenge, addWholeChallenge, type RolledRows } from "./document-template.ts";
import { rolledRows, type ViewOptions } from "./goal-state.ts";
import { formatInstant } from "./instant.ts";
import type { GoalRow } from "./player.ts";
import { touchedGoals } from "./touched-goals.ts";

/** JSON body of GET /v1/challenges in UTF-8, spliced from bytes that were encoded once per catalog version. */
export function challengesDocument(
  catalog: Catalog,
  rows: readonly GoalRow[],
  options: ViewOptions,
): Uint8Array<ArrayBuffer> {
  const player = { rows: rolledRows(catalog, rows, options.now), now: options.now };
  const shown = [...catalog.challenges.values()].filter((entry) => isShown(entry, options));
  const pieces = new BytePieces();
  pieces.addText(`${documentHead(catalog, options.now)},"challenges":[`);
  if (options.activeOnly === true) addActiveGoals(pieces, catalog, shown, player);
  else addAllGoals(pieces, catalog, shown, player);
  pieces.addText("]}");
  return pieces.join();
}

/** JSON body of GET /v1/challenges/{id} in UTF-8; null when players do not see such a challenge now. */
export function challengeDocument(
  catalog: Catalog,
  challengeId: string,
  rows: readonly GoalRow[],
  options: ViewOptions,
): Uint8Array<ArrayBuffer> | null {
  const challenge = catalog.challenges.get(challengeId);
  if (challenge === undefined || !isShown(challenge, options)) return null;
  const player = { rows: rolledRows(catalog, rows, options.now), now: options.now };
  const touched = touchedGoals(catalog, player.rows).filter(
    (entry) => entry.challenge === challenge,
  );
  const pieces = new BytePieces();
  pieces.addText(`${documentHead(catalog, options.now)},"challenge":`);
  addWholeChallenge(pieces, challenge, touched, player);
  pieces.addText("}");
  return pieces.join();
}

function addAllGoals(
  pieces: BytePieces,
  catalog: Catalog,
  challenges: readonly ChallengeEntry[],
  player: RolledRows,
): void {
  const touched = Map.groupBy(touchedGoals(catalog, player.rows), (goal) => goal.challenge);
  for (const [index, challenge] of challenges.entries()) {
    if (index > 0) pieces.addText(",");
    addWholeChallenge(pieces, challenge, touched.get(challenge) ?? [], player);
  }
}

/** Challenges without an active goal are left out. */
function addActiveGoals(
  pieces: BytePieces,
  catalog: Catalog,
  challenges: readonly ChallengeEntry[],
  player: RolledRows,
): void {
  const goals = assignableGoals(catalog, player.rows).filter((goal) => isActive(goal, player));
  const active = Map.groupBy(goals, (goal) => goal.challenge);
  const remaining = challenges.filter((challenge) => active.has(challenge));
  for (const [index, challenge] of remaining.entries()) {
    if (index > 0) pieces.addText(",");
    addPartOfChallenge(pieces, challenge, active.get(challenge) ?? [], player);
  }
}

/** The definitions that anybody may see: without challenges before their start. */
export function publicCatalog(catalog: Catalog, now: number): CatalogDocument {
  const shown = [...catalog.challenges.values()].filter((entry) => now >= entry.startsAtMs);
  return { challenges: shown.map((entry) => entry.challenge) };
}

/** Whether players see the challenge now. */
export function isShown(challenge: ChallengeEntry, options: ViewOptions): boolean {
  if (options.includeUpcoming === true && options.now < challenge.startsAtMs) return true;
  return isVisible(challenge, options.now, options.claimGraceMs);
}

function isActive({ goal, challenge }: GoalEntry, { rows, now }: RolledRows): boolean {
  return now >= challenge.startsAtMs && (rows.get(goal.goalId)?.isActive ?? goal.defaultAssigned);
}

function documentHead(catalog: Catalog, now: number): string {
  return `{"catalogVersion":"${catalog.version}","serverTime":"${formatInstant(now)}"`;
}

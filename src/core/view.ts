import type { Catalog, CatalogDocument, ChallengeEntry } from "./catalog.ts";
import { isVisible } from "./command.ts";
import { templateOf } from "./document-template.ts";
import { rolledRows, type ViewOptions } from "./goal-state.ts";
import { formatInstant } from "./instant.ts";
import type { GoalRow } from "./player.ts";

/** JSON body of GET /v1/challenges, spliced from parts that were encoded once per catalog version. */
export function challengesDocument(
  catalog: Catalog,
  rows: readonly GoalRow[],
  options: ViewOptions,
): string {
  const rolled = rolledRows(catalog, rows, options.now);
  const parts: string[] = [];
  for (const challenge of catalog.challenges.values()) {
    if (!isShown(challenge, options)) continue;
    const part = templateOf(catalog).challenge(challenge, rolled, options);
    if (part !== null) parts.push(part);
  }
  return `${documentHead(catalog, options.now)},"challenges":[${parts.join(",")}]}`;
}

/** JSON body of GET /v1/challenges/{id}; null when players do not see such a challenge now. */
export function challengeDocument(
  catalog: Catalog,
  challengeId: string,
  rows: readonly GoalRow[],
  options: ViewOptions,
): string | null {
  const challenge = catalog.challenges.get(challengeId);
  if (challenge === undefined || !isShown(challenge, options)) return null;
  const rolled = rolledRows(catalog, rows, options.now);
  const all = { ...options, activeOnly: false };
  const part = templateOf(catalog).challenge(challenge, rolled, all);
  return `${documentHead(catalog, options.now)},"challenge":${part}}`;
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

function documentHead(catalog: Catalog, now: number): string {
  return `{"catalogVersion":"${catalog.version}","serverTime":"${formatInstant(now)}"`;
}

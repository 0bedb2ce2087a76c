import { CHALLENGE_FIELDS, DOCUMENT_FIELDS } from "./catalog-fields.ts";
import type { CatalogDocument, Challenge, Goal } from "./catalog.ts";
import type { Problem } from "./errors.ts";
import { parseInstant } from "./instant.ts";
import { CATALOG_GOALS_MAX } from "./limits.ts";
import { readGoal } from "./parse-catalog-goal.ts";
import { checkPrerequisites, checkUnique, type LinkedGoal } from "./parse-catalog-links.ts";
import { ProblemList } from "./parse-catalog-problems.ts";
import { type Located, ObjectReader, type ReaderOf } from "./parse-catalog-reader.ts";
import { NAME } from "./parse-catalog-rules.ts";

export type ParsedCatalog =
  | { readonly ok: true; readonly document: CatalogDocument }
  | { readonly ok: false; readonly problems: Problem[] };

/**
 * Makes a catalog of parsed JSON in the current form, the legacy form, or a mixture of both.
 *
 * Answers the document in the current form with every default filled in (parsing that again gives the same), or all that
 * is wrong with it. Does not look at the size in bytes, which is the transport's to limit.
 */
export function parseCatalog(input: unknown): ParsedCatalog {
  const problems = new ProblemList();
  const reader = new ObjectReader(input, "$", DOCUMENT_FIELDS, problems);
  const challenges = reader.list("challenges", (value, path) =>
    readChallenge(value, path, problems),
  );
  const goals = challenges.flatMap((challenge) => challenge.goals);
  if (goals.length > CATALOG_GOALS_MAX) {
    const message = `hold ${goals.length} goals; at most ${CATALOG_GOALS_MAX} are allowed`;
    reader.report("challenges", message);
  }
  checkUnique(
    "challenge",
    challenges.map((challenge) => challenge.id),
    problems,
  );
  checkUnique(
    "goal",
    goals.map((goal) => goal.id),
    problems,
  );
  checkPrerequisites(goals, problems);
  if (!problems.isEmpty) return { ok: false, problems: problems.toArray() };
  return { ok: true, document: { challenges: challenges.map((found) => found.challenge) } };
}

interface FoundChallenge {
  readonly challenge: Challenge;
  readonly id: Located<string>;
  readonly goals: readonly (LinkedGoal & { readonly goal: Goal })[];
}

function readChallenge(value: unknown, path: string, problems: ProblemList): FoundChallenge {
  const reader = new ObjectReader(value, path, CHALLENGE_FIELDS, problems);
  const challengeId = reader.value("challengeId");
  const name = reader.value("name");
  const description = reader.value("description");
  const tags = reader.texts("tags", NAME).map((tag) => tag.value);
  const startsAtMs = readInstant(reader, "startsAt");
  const endsAtMs = readInstant(reader, "endsAt");
  const isKnown = !reader.isRefused("startsAt") && !reader.isRefused("endsAt");
  if (isKnown && startsAtMs !== null && endsAtMs !== null && endsAtMs <= startsAtMs) {
    reader.report("endsAt", "must be later than startsAt, or the challenge is never open");
  }
  const goals = reader.list("goals", (goal, at) => readGoal(goal, at, problems));
  const challenge: Challenge = {
    challengeId,
    name,
    description,
    tags,
    startsAt: inUtc(startsAtMs),
    endsAt: inUtc(endsAtMs),
    goals: goals.map((found) => found.goal),
  };
  return { challenge, id: { value: challengeId, path: reader.pathOf("challengeId") }, goals };
}

function readInstant(
  reader: ReaderOf<typeof CHALLENGE_FIELDS>,
  field: "startsAt" | "endsAt",
): number | null {
  const text = reader.value(field);
  return text === null ? null : parseInstant(text);
}

/** One spelling per instant, the usual one: an author's `2026-12-01T00:00:00Z` comes back as it was. */
function inUtc(instantMs: number | null): string | null {
  return instantMs === null ? null : new Date(instantMs).toISOString().replace(".000Z", "Z");
}

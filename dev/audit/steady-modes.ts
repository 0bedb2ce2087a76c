import * as z from "zod";

/** A document of catalog_version, as far as it matters here. */
export interface PublishedCatalog {
  readonly namespace: string;
  readonly document: string;
}

/** A goal that had the same progress mode in every catalog that was ever active. */
export interface SteadyMode {
  readonly namespace: string;
  readonly goalId: string;
  readonly mode: string;
}

/**
 * The goals whose rows can only have come about in one mode.
 *
 * A mode that was changed by force leaves rows that neither of the two modes explains; those goals are left out. Throws a
 * ZodError for a document that is no catalog.
 */
export function steadyModes(catalogs: readonly PublishedCatalog[]): SteadyMode[] {
  const modes = new Map<string, SteadyMode | null>();
  for (const { namespace, document } of catalogs) {
    for (const { goalId, requirement } of goalsOf(document)) {
      const key = JSON.stringify([namespace, goalId]);
      const mode = requirement.progressMode;
      const known = modes.get(key);
      const isSteady = known === undefined || known?.mode === mode;
      modes.set(key, isSteady ? { namespace, goalId, mode } : null);
    }
  }
  return [...modes.values()].filter((mode) => mode !== null);
}

const DOCUMENT = z.object({
  challenges: z.array(
    z.object({
      goals: z.array(
        z.object({ goalId: z.string(), requirement: z.object({ progressMode: z.string() }) }),
      ),
    }),
  ),
});

function goalsOf(document: string) {
  return DOCUMENT.parse(JSON.parse(document)).challenges.flatMap(({ goals }) => goals);
}

import {
  activeVersion,
  publishCatalog,
  type CatalogFile,
  type PublishTarget,
} from "./publish-catalog.ts";

export interface StartCatalog {
  readonly target: PublishTarget;
  readonly catalog: CatalogFile;
  /** Whether the developer named the file; else it is the sample. */
  readonly isChosen: boolean;
  /** The version that the stack itself published last, or null. */
  readonly lastPublished: string | null;
  readonly log: (line: string) => void;
}

/**
 * Publishes the catalog that a stack starts with, and answers what is active and what the stack has published last.
 *
 * The sample gives way to a catalog that somebody published through the API: a restart must not undo that.
 */
export async function publishAtStart(
  start: StartCatalog,
): Promise<{ active: string; published: string | null }> {
  const { target, catalog, isChosen, lastPublished, log } = start;
  const active = await activeVersion(target);
  if (!isChosen && active !== null && active !== lastPublished) {
    log("Keeping the catalog that was published through the API (CATALOG=<file> replaces it).");
    return { active, published: lastPublished };
  }
  const { version, isNew } = await publishCatalog(target, catalog);
  log(isNew ? `Published ${catalog.path}.` : `The catalog ${catalog.path} is active.`);
  return { active: version, published: version };
}

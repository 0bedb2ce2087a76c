import type { CatalogDocument, CatalogPointer } from "./catalog.ts";
import type { Outcome } from "./errors.ts";
import type { GoalUsage, StoredVersion } from "./ports.ts";

/** The active version with the time of its activation, epoch milliseconds. */
export interface ActivatedPointer extends CatalogPointer {
  readonly activatedAt: number;
}

/**
 * The system of record for catalogs, implemented over Postgres; `adapters/kv/catalog-cache.ts` stands in front of it.
 *
 * Every method throws FailureError DATABASE_UNAVAILABLE when Postgres does not answer.
 */
export interface CatalogStore {
  /** The namespace's version with the highest activation number; null when none was ever activated. */
  pointer(namespace: string): Promise<ActivatedPointer | null>;
  document(namespace: string, version: string): Promise<CatalogDocument | null>;
  /**
   * Stores the document if its version is new, and activates it, in one step that two publishers cannot interleave.
   *
   * `expected`: the version that must be active at that moment (null: none may be; undefined: any), else CATALOG_CHANGED.
   * Publishing what is active already changes nothing and answers its pointer.
   */
  publish(
    namespace: string,
    document: CatalogDocument,
    version: string,
    expected: string | null | undefined,
  ): Promise<Outcome<ActivatedPointer>>;
  /** Activates a stored version under the same rules; NOT_FOUND when the namespace has none of that name. */
  activate(
    namespace: string,
    version: string,
    expected: string | null | undefined,
  ): Promise<Outcome<ActivatedPointer>>;
  /** Newest first, by the time they were stored. */
  versions(namespace: string): Promise<StoredVersion[]>;
  /** Rows in progress, and completed but unclaimed (late claims included); goals without any are left out. */
  usage(namespace: string, goalIds: readonly string[]): Promise<GoalUsage[]>;
}

import { BoundedMap } from "../../core/bounded-map.ts";
import type { ActivatedPointer, CatalogStore } from "../../core/catalog-store.ts";
import type { Catalog, CatalogDocument } from "../../core/catalog.ts";
import { FailureError, type Outcome } from "../../core/errors.ts";
import type { ActiveCatalog, Catalogs, Clock } from "../../core/ports.ts";
import { ActivePointers } from "./active-pointers.ts";
import type { KeyValue } from "./key-value.ts";
import { ParsedCatalogs } from "./parsed-catalogs.ts";

/**
 * Catalogs with KV and this isolate's memory in front of the store.
 *
 * Serves the active catalog from memory, looking at the pointer at most every few seconds. A publish is seen at once by the
 * isolate that did it, and elsewhere as soon as KV shows it (about 90 s). What operators ask for (`current`, `versions`,
 * `document`, `usage`) always comes from the store.
 */
export class CatalogCache implements Catalogs {
  readonly #store: CatalogStore;
  readonly #pointers: ActivePointers;
  readonly #parsed: ParsedCatalogs;
  readonly #served = new BoundedMap<string, ActiveCatalog>(SERVED_MAX);

  constructor(kv: KeyValue, store: CatalogStore, clock: Clock) {
    this.#store = store;
    this.#pointers = new ActivePointers(kv, store, clock);
    this.#parsed = new ParsedCatalogs(kv, store);
  }

  async active(namespace: string): Promise<ActiveCatalog> {
    const pointer = await this.#pointers.get(namespace);
    if (pointer === null) throw noCatalog(namespace);
    const before = this.#served.get(namespace);
    if (before?.seq === pointer.seq && before.catalog.version === pointer.version) return before;
    try {
      const active = { catalog: await this.#load(namespace, pointer), seq: pointer.seq };
      this.#served.set(namespace, active);
      return active;
    } catch (error) {
      // A version that cannot be loaded now (its stores are away) leaves the one before in force.
      if (before === undefined) throw error;
      return before;
    }
  }

  async current(namespace: string): ReturnType<Catalogs["current"]> {
    const pointer = await this.#store.pointer(namespace);
    if (pointer === null) return null;
    const { seq, activatedAt } = pointer;
    return { catalog: await this.#load(namespace, pointer), seq, activatedAt };
  }

  async publish(
    namespace: string,
    document: CatalogDocument,
    version: string,
    expected: string | null | undefined,
  ): Promise<Outcome<ActivatedPointer>> {
    const outcome = await this.#store.publish(namespace, document, version, expected);
    if (!outcome.ok) return outcome;
    // The document before the pointer: who sees the pointer must find what it points to.
    await this.#parsed.published(namespace, version, document);
    await this.#pointers.moved(namespace, outcome.value);
    return outcome;
  }

  async activate(
    namespace: string,
    version: string,
    expected: string | null | undefined,
  ): Promise<Outcome<ActivatedPointer>> {
    const outcome = await this.#store.activate(namespace, version, expected);
    if (outcome.ok) await this.#pointers.moved(namespace, outcome.value);
    return outcome;
  }

  versions(namespace: string): ReturnType<Catalogs["versions"]> {
    return this.#store.versions(namespace);
  }

  document(namespace: string, version: string): Promise<CatalogDocument | null> {
    return this.#store.document(namespace, version);
  }

  usage(namespace: string, goalIds: readonly string[]): ReturnType<Catalogs["usage"]> {
    return this.#store.usage(namespace, goalIds);
  }

  /** Makes KV say what the store says; for the cron. Throws like the store and like KV. */
  repair(namespace: string): Promise<void> {
    return this.#pointers.repair(namespace);
  }

  async #load(namespace: string, { version }: ActivatedPointer): Promise<Catalog> {
    const catalog = await this.#parsed.byVersion(namespace, version);
    if (catalog !== null) return catalog;
    throw new Error(`Catalog version ${version} of ${namespace} is active but not stored.`);
  }
}

/** As many catalogs as stay in memory by version anyway. */
const SERVED_MAX = 8;

function noCatalog(namespace: string): FailureError {
  return new FailureError({
    code: "NO_CATALOG",
    detail: `Namespace ${namespace} has no catalog; publish one with PUT /v1/admin/catalog.`,
  });
}

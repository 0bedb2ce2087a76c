import { BoundedMap } from "../../core/bounded-map.ts";
import type { CatalogStore } from "../../core/catalog-store.ts";
import { type Catalog, type CatalogDocument, indexCatalog } from "../../core/catalog.ts";
import { type KeyValue, keyOf, readOrMiss } from "./key-value.ts";

/**
 * Catalog versions in this isolate's memory, indexed; in front of KV, in front of the store.
 *
 * A version's name is the hash of its content, so it never changes and one copy serves every namespace.
 */
export class ParsedCatalogs {
  readonly #kv: KeyValue;
  readonly #store: CatalogStore;
  /** The one used last is the last to go. */
  readonly #byVersion = new BoundedMap<string, Catalog>(VERSIONS_IN_MEMORY_MAX);

  constructor(kv: KeyValue, store: CatalogStore) {
    this.#kv = kv;
    this.#store = store;
  }

  /** Null when no store has the version. Throws like the store. */
  async byVersion(namespace: string, version: string): Promise<Catalog | null> {
    const known = this.#byVersion.get(version);
    if (known !== undefined) return this.#keep(known);
    const document = await this.document(namespace, version);
    return document === null ? null : this.#keep(indexCatalog(document, version));
  }

  /** The document from KV, else from the store, which then repairs KV. */
  async document(namespace: string, version: string): Promise<CatalogDocument | null> {
    const cached = await readOrMiss(this.#kv, documentKey(namespace, version));
    if (cached !== null) return asDocument(cached);
    const stored = await this.#store.document(namespace, version);
    if (stored !== null) await this.#write(namespace, version, stored);
    return stored;
  }

  /** Takes a version that was just published into memory, and into KV for everybody else. */
  async published(namespace: string, version: string, document: CatalogDocument): Promise<void> {
    this.#keep(indexCatalog(document, version));
    await this.#write(namespace, version, document);
  }

  async #write(namespace: string, version: string, document: CatalogDocument): Promise<void> {
    try {
      await this.#kv.put(documentKey(namespace, version), JSON.stringify(document));
    } catch {
      // Costs only the next reader a look into the store.
    }
  }

  #keep(catalog: Catalog): Catalog {
    // Another request may have indexed the same version meanwhile: keep one, it carries encoded documents.
    const kept = this.#byVersion.get(catalog.version) ?? catalog;
    this.#byVersion.set(catalog.version, kept);
    return kept;
  }
}

/** The largest catalog takes about 10 MB indexed, of the isolate's 128 MB that its shards share. */
const VERSIONS_IN_MEMORY_MAX = 8;

function documentKey(namespace: string, version: string): string {
  return keyOf("catalog", namespace, version);
}

/** Only publishing writes these values, and only after validation; the key is the hash of the content. */
function asDocument(text: string): CatalogDocument {
  const document: CatalogDocument = JSON.parse(text);
  return document;
}

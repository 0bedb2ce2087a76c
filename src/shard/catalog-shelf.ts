import type { Catalog, CatalogPointer } from "../core/catalog.ts";
import { CatalogParts } from "./catalog-parts.ts";
import { numberOf, type Sql, textOf } from "./sql.ts";

/** Where a shard gets a catalog version that it does not hold: KV, then Postgres. Null when neither has it. */
export interface CatalogSource {
  byVersion(namespace: string, version: string): Promise<Catalog | null>;
}

/** A catalog with its activation number. */
export interface ShelvedCatalog {
  readonly catalog: Catalog;
  readonly pointer: CatalogPointer;
}

/**
 * The catalogs that this shard works with: the newest activation per namespace, and every version that its journal names.
 *
 * Versions are kept in the shard's own SQLite: a replay must find the very catalog that an operation was applied with, also
 * while every other store is away.
 */
export class CatalogShelf {
  readonly #sql: Sql;
  readonly #source: CatalogSource;
  readonly #parts: CatalogParts;
  readonly #current = new Map<string, ShelvedCatalog>();
  readonly #byVersion = new Map<string, Catalog>();

  constructor(sql: Sql, source: CatalogSource) {
    this.#sql = sql;
    this.#source = source;
    this.#parts = new CatalogParts(sql);
    sql.run(
      "CREATE TABLE IF NOT EXISTS catalog_current (namespace TEXT PRIMARY KEY, version TEXT NOT NULL, seq INTEGER NOT NULL) WITHOUT ROWID",
    );
  }

  /** The newest activation of the namespace that this shard has seen; it never goes back. */
  current(namespace: string): ShelvedCatalog | undefined {
    return this.#current.get(namespace) ?? this.#restore(namespace);
  }

  /**
   * Makes the named activation current unless a newer one is, and answers the current one.
   *
   * Null when the version is nowhere to be found.
   */
  async ensure(namespace: string, pointer: CatalogPointer): Promise<ShelvedCatalog | null> {
    const known = this.current(namespace);
    if (known !== undefined && known.pointer.seq >= pointer.seq) return known;
    const catalog =
      this.#shelved(pointer.version) ?? (await this.#source.byVersion(namespace, pointer.version));
    if (catalog === null) return null;
    // Another call may have brought a newer activation while this one waited.
    const newest = this.current(namespace);
    if (newest !== undefined && newest.pointer.seq >= pointer.seq) return newest;
    return this.#shelve(namespace, catalog, pointer);
  }

  /** A version that the journal names. Throws when it is not on the shelf: the journal would be damaged. */
  byVersion(version: string): Catalog {
    const catalog = this.#shelved(version);
    if (catalog === null) throw new Error(`Catalog version ${version} is not on the shelf.`);
    return catalog;
  }

  /** Drops every version that is neither current nor among those that the journal names; asks for these only if need be. */
  prune(named: () => ReadonlySet<string>): void {
    const current = this.#currentVersions();
    const old = [...this.#parts.versions].filter((version) => !current.has(version));
    if (old.length === 0) return;
    const kept = named();
    for (const version of old) {
      if (kept.has(version)) continue;
      this.#parts.delete(version);
      this.#byVersion.delete(version);
    }
  }

  #currentVersions(): ReadonlySet<string> {
    const rows = this.#sql.all("SELECT version FROM catalog_current");
    return new Set([...rows].map((row) => textOf(row, "version")));
  }

  #shelve(namespace: string, catalog: Catalog, pointer: CatalogPointer): ShelvedCatalog {
    const { version, seq } = pointer;
    const query =
      "INSERT OR REPLACE INTO catalog_current (namespace, version, seq) VALUES (?, ?, ?)";
    this.#parts.add(catalog, () => this.#sql.run(query, namespace, version, seq));
    const shelved: ShelvedCatalog = { catalog, pointer };
    this.#byVersion.set(catalog.version, catalog);
    this.#current.set(namespace, shelved);
    return shelved;
  }

  #restore(namespace: string): ShelvedCatalog | undefined {
    const query = "SELECT version, seq FROM catalog_current WHERE namespace = ?";
    for (const row of this.#sql.all(query, namespace)) {
      const pointer = { version: textOf(row, "version"), seq: numberOf(row, "seq") };
      const shelved = { catalog: this.byVersion(pointer.version), pointer };
      this.#current.set(namespace, shelved);
      return shelved;
    }
    return undefined;
  }

  #shelved(version: string): Catalog | null {
    const known = this.#byVersion.get(version);
    if (known !== undefined) return known;
    const catalog = this.#parts.read(version);
    if (catalog !== null) this.#byVersion.set(version, catalog);
    return catalog;
  }
}

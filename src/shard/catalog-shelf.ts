import {
  type Catalog,
  type CatalogDocument,
  type CatalogPointer,
  indexCatalog,
} from "../core/catalog.ts";
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

/** Characters per stored part: at most 3 bytes each, and a SQLite row holds 2 MB. */
const PART_CHARACTERS = 500_000;

/**
 * The catalogs that this shard works with: the newest activation per namespace, and every version that its journal names.
 *
 * Versions are kept in the shard's own SQLite: a replay must find the very catalog that an operation was applied with, also
 * while every other store is away.
 */
export class CatalogShelf {
  readonly #sql: Sql;
  readonly #source: CatalogSource;
  readonly #current = new Map<string, ShelvedCatalog>();
  readonly #byVersion = new Map<string, Catalog>();

  constructor(sql: Sql, source: CatalogSource) {
    this.#sql = sql;
    this.#source = source;
    sql.run(
      "CREATE TABLE IF NOT EXISTS catalog_part (version TEXT NOT NULL, part INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (version, part)) WITHOUT ROWID",
    );
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

  /** Drops every version that is neither current nor named by the journal; call it when the journal is empty. */
  prune(): void {
    this.#sql.run(
      "DELETE FROM catalog_part WHERE version NOT IN (SELECT version FROM catalog_current)",
    );
    const current = new Set([...this.#current.values()].map(({ pointer }) => pointer.version));
    for (const version of this.#byVersion.keys()) {
      if (!current.has(version)) this.#byVersion.delete(version);
    }
  }

  #shelve(namespace: string, catalog: Catalog, pointer: CatalogPointer): ShelvedCatalog {
    for (const [part, body] of partsOf(JSON.stringify(catalog.document)).entries()) {
      this.#sql.run(
        "INSERT OR IGNORE INTO catalog_part (version, part, body) VALUES (?, ?, ?)",
        catalog.version,
        part,
        body,
      );
    }
    this.#sql.run(
      "INSERT OR REPLACE INTO catalog_current (namespace, version, seq) VALUES (?, ?, ?)",
      namespace,
      pointer.version,
      pointer.seq,
    );
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
    let body = "";
    const query = "SELECT body FROM catalog_part WHERE version = ? ORDER BY part";
    for (const row of this.#sql.all(query, version)) body += textOf(row, "body");
    if (body === "") return null;
    const document: CatalogDocument = JSON.parse(body);
    const catalog = indexCatalog(document, version);
    this.#byVersion.set(version, catalog);
    return catalog;
  }
}

/** Never cuts between the halves of a surrogate pair: alone, neither survives the way through UTF-8. */
function partsOf(text: string): string[] {
  const parts: string[] = [];
  for (let start = 0; start < text.length;) {
    let end = Math.min(start + PART_CHARACTERS, text.length);
    const isHighSurrogate = (text.charCodeAt(end - 1) & 0xfc00) === 0xd800;
    if (isHighSurrogate && end < text.length) end--;
    parts.push(text.slice(start, end));
    start = end;
  }
  return parts;
}

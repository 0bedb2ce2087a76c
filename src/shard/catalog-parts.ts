import { type Catalog, type CatalogDocument, indexCatalog } from "../core/catalog.ts";
import { type Sql, textOf } from "./sql.ts";

/** Characters per stored part: at most 3 bytes each, and a SQLite row holds 2 MB. */
const PART_CHARACTERS = 500_000;

/** Catalog versions in the shard's own SQLite, each in as many parts as it needs. */
export class CatalogParts {
  readonly #sql: Sql;
  readonly #versions = new Set<string>();

  constructor(sql: Sql) {
    this.#sql = sql;
    sql.run(
      "CREATE TABLE IF NOT EXISTS catalog_part (version TEXT NOT NULL, part INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (version, part)) WITHOUT ROWID",
    );
    for (const row of sql.all("SELECT version FROM catalog_part WHERE part = 0")) {
      this.#versions.add(textOf(row, "version"));
    }
  }

  get versions(): ReadonlySet<string> {
    return this.#versions;
  }

  /** Stores a version unless it is there, together with what `beside` writes: all of it, or nothing and an error. */
  add(catalog: Catalog, beside: () => void): void {
    this.#sql.atomically(() => {
      // Half of a document would be worse than none.
      if (!this.#versions.has(catalog.version)) this.#insert(catalog);
      beside();
    });
    this.#versions.add(catalog.version);
  }

  /** Null when the version is not stored. */
  read(version: string): Catalog | null {
    if (!this.#versions.has(version)) return null;
    let body = "";
    const query = "SELECT body FROM catalog_part WHERE version = ? ORDER BY part";
    for (const row of this.#sql.all(query, version)) body += textOf(row, "body");
    const document: CatalogDocument = JSON.parse(body);
    return indexCatalog(document, version);
  }

  delete(version: string): void {
    this.#sql.run("DELETE FROM catalog_part WHERE version = ?", version);
    this.#versions.delete(version);
  }

  #insert({ version, document }: Catalog): void {
    const query = "INSERT INTO catalog_part (version, part, body) VALUES (?, ?, ?)";
    for (const [part, body] of partsOf(JSON.stringify(document)).entries()) {
      this.#sql.run(query, version, part, body);
    }
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

import type { ActivatedPointer, CatalogStore } from "../../src/core/catalog-store.ts";
import type { CatalogDocument } from "../../src/core/catalog.ts";
import { FailureError, type Outcome, refuse } from "../../src/core/errors.ts";

/** The system of record for catalogs in memory, that can be away and that counts. */
export class FakeCatalogStore implements CatalogStore {
  readonly documents = new Map<string, CatalogDocument>();
  readonly pointers = new Map<string, ActivatedPointer>();
  isAway = false;
  calls = 0;

  async pointer(namespace: string): Promise<ActivatedPointer | null> {
    this.#answer();
    return this.pointers.get(namespace) ?? null;
  }

  async document(namespace: string, version: string): Promise<CatalogDocument | null> {
    this.#answer();
    return this.documents.get(JSON.stringify([namespace, version])) ?? null;
  }

  async publish(
    namespace: string,
    document: CatalogDocument,
    version: string,
    expected: string | null | undefined,
  ): Promise<Outcome<ActivatedPointer>> {
    this.#answer();
    const active = this.pointers.get(namespace)?.version ?? null;
    if (expected !== undefined && expected !== active) return refuse("CATALOG_CHANGED", "Changed.");
    this.documents.set(JSON.stringify([namespace, version]), document);
    return this.activate(namespace, version);
  }

  async activate(namespace: string, version: string): Promise<Outcome<ActivatedPointer>> {
    this.#answer();
    if (!this.documents.has(JSON.stringify([namespace, version]))) {
      return refuse("NOT_FOUND", "There is no such version.");
    }
    const seq = (this.pointers.get(namespace)?.seq ?? 0) + 1;
    const pointer = { version, seq, activatedAt: seq * 1_000 };
    this.pointers.set(namespace, pointer);
    return { ok: true, value: pointer };
  }

  async versions() {
    this.#answer();
    return [];
  }

  async usage() {
    this.#answer();
    return [];
  }

  #answer(): void {
    this.calls++;
    if (!this.isAway) return;
    throw new FailureError({ code: "DATABASE_UNAVAILABLE", detail: "Postgres does not answer." });
  }
}

import { type Catalog, type CatalogPointer, indexCatalog } from "../../src/core/catalog.ts";
import { FailureError, type Outcome, refuse } from "../../src/core/errors.ts";
import type { Catalogs, GoalUsage } from "../../src/core/ports.ts";
import { aCatalog } from "./builders.ts";
import { NOON } from "./noon.ts";

/** One namespace, "default", with a history; every other one has no catalog. */
export class FakeCatalogs implements Catalogs {
  readonly stored = new Map<string, Catalog>();
  history: CatalogPointer[] = [];
  usageOf: GoalUsage[] = [];
  /** Runs before each publish: what another publisher does meanwhile. */
  beforePublish: () => void = () => {};

  constructor() {
    this.install(aCatalog());
  }

  /** Makes a catalog the active one. */
  install(catalog: Catalog): CatalogPointer {
    this.stored.set(catalog.version, catalog);
    const pointer = { version: catalog.version, seq: this.history.length + 1 };
    this.history.push(pointer);
    return pointer;
  }

  async active(namespace: string) {
    const found = await this.current(namespace);
    if (found !== null) return found;
    throw new FailureError({ code: "NO_CATALOG", detail: `${namespace} has no catalog.` });
  }

  async current(namespace: string) {
    const pointer = namespace === "default" ? this.history.at(-1) : undefined;
    const catalog = this.stored.get(pointer?.version ?? "");
    if (pointer === undefined || catalog === undefined) return null;
    return { catalog, seq: pointer.seq, activatedAt: NOON };
  }

  async publish(
    _namespace: string,
    document: Catalog["document"],
    version: string,
    expected: string | null | undefined,
  ): Promise<Outcome<CatalogPointer>> {
    this.beforePublish();
    const active = this.history.at(-1)?.version ?? null;
    if (expected !== undefined && expected !== active) return refuse("CATALOG_CHANGED", "Changed.");
    return { ok: true, value: this.install(indexCatalog(document, version)) };
  }

  async activate(_namespace: string, version: string): Promise<Outcome<CatalogPointer>> {
    const catalog = this.stored.get(version);
    if (catalog === undefined) return refuse("NOT_FOUND", "There is no such version.");
    return { ok: true, value: this.install(catalog) };
  }

  async versions() {
    return [...this.stored.keys()].map((version) => ({
      version,
      storedAt: NOON,
      activatedAt: null,
    }));
  }

  async document(namespace: string, version: string) {
    return namespace === "default" ? (this.stored.get(version)?.document ?? null) : null;
  }

  async usage(_namespace: string, goalIds: readonly string[]) {
    return this.usageOf.filter(({ goalId }) => goalIds.includes(goalId));
  }
}

import { describe, expect, test } from "vitest";

import { aChallenge, aGoal } from "../../test/support/builders.ts";
import { SimulatedSql } from "../../test/support/simulated-sql.ts";
import { type Catalog, indexCatalog } from "../core/catalog.ts";
import { CatalogShelf } from "./catalog-shelf.ts";

function catalog(version: string, description = ""): Catalog {
  const goals = [aGoal({ goalId: `goal-${version}`, description })];
  return indexCatalog({ challenges: [aChallenge({ goals })] }, version);
}

/** Stores that hold these catalogs, and can be away. */
class Source {
  readonly catalogs: Map<string, Catalog>;
  asked: string[] = [];
  waits: Promise<void> = Promise.resolve();

  constructor(...catalogs: readonly Catalog[]) {
    this.catalogs = new Map(catalogs.map((entry) => [entry.version, entry]));
  }

  async byVersion(_namespace: string, version: string): Promise<Catalog | null> {
    this.asked.push(version);
    await this.waits;
    return this.catalogs.get(version) ?? null;
  }
}

const [v1, v2, v3] = [catalog("v1"), catalog("v2"), catalog("v3")];

describe("the current catalog", () => {
  test("is the newest activation that was ever named, whatever is named later", async () => {
    const shelf = new CatalogShelf(new SimulatedSql(), new Source(v1, v2));
    await shelf.ensure("default", { version: "v2", seq: 5 });
    const older = await shelf.ensure("default", { version: "v1", seq: 4 });
    expect(older?.pointer).toEqual({ version: "v2", seq: 5 });
    // A rollback is a newer activation of an older version.
    await shelf.ensure("default", { version: "v1", seq: 6 });
    expect(shelf.current("default")?.pointer).toEqual({ version: "v1", seq: 6 });
    expect(shelf.current("other")).toBeUndefined();
  });

  test("does not go back when an older activation took longer to be fetched", async () => {
    const source = new Source(v1, v2);
    const shelf = new CatalogShelf(new SimulatedSql(), source);
    const { promise, resolve } = Promise.withResolvers<void>();
    source.waits = promise;
    const older = shelf.ensure("default", { version: "v1", seq: 1 });
    source.waits = Promise.resolve();
    await shelf.ensure("default", { version: "v2", seq: 2 });
    resolve();
    expect((await older)?.pointer.seq).toBe(2);
    expect(shelf.current("default")?.pointer.seq).toBe(2);
  });

  test("is null for a version that nobody has, and what was current stays", async () => {
    const shelf = new CatalogShelf(new SimulatedSql(), new Source(v1));
    await shelf.ensure("default", { version: "v1", seq: 1 });
    expect(await shelf.ensure("default", { version: "v9", seq: 2 })).toBeNull();
    expect(shelf.current("default")?.pointer.version).toBe("v1");
  });

  test("is there after a restart without asking any store", async () => {
    const sql = new SimulatedSql();
    await new CatalogShelf(sql, new Source(v1)).ensure("default", { version: "v1", seq: 1 });
    const source = new Source();
    const shelf = new CatalogShelf(sql, source);
    expect(shelf.current("default")).toEqual({ catalog: v1, pointer: { version: "v1", seq: 1 } });
    await shelf.ensure("default", { version: "v1", seq: 2 });
    expect(source.asked).toEqual([]);
  });
});

describe("a shelved version", () => {
  test.each([0, 1, 2])(
    "comes back whole, also one of several megabytes (shifted by %i)",
    async (shift) => {
      // Astral characters at every offset: a cut between their halves would lose them.
      const big = catalog("big", "x".repeat(shift) + "🏆ж".repeat(600_000));
      const sql = new SimulatedSql();
      await new CatalogShelf(sql, new Source(big)).ensure("default", { version: "big", seq: 1 });
      const parts = sql.all("SELECT length(CAST(body AS BLOB)) AS bytes FROM catalog_part");
      expect(parts.length).toBeGreaterThan(3);
      for (const { bytes } of parts) expect(Number(bytes)).toBeLessThan(2_000_000);
      expect(new CatalogShelf(sql, new Source()).byVersion("big").document).toEqual(big.document);
    },
  );

  test("is stored as a whole with its activation, or not at all", async () => {
    const sql = new SimulatedSql();
    const shelf = new CatalogShelf(sql, new Source(v1));
    sql.writeFails = (query) => query.includes("catalog_current");
    await expect(shelf.ensure("default", { version: "v1", seq: 1 })).rejects.toThrow("broken");
    expect(sql.all("SELECT * FROM catalog_part")).toEqual([]);
    expect(shelf.current("default")).toBeUndefined();
    sql.writeFails = () => false;
    await shelf.ensure("default", { version: "v1", seq: 1 });
    expect(shelf.byVersion("v1")).toBe(v1);
  });

  test("goes when neither an activation nor the journal needs it, also after a restart", async () => {
    const sql = new SimulatedSql();
    const shelf = new CatalogShelf(sql, new Source(v1, v2, v3));
    for (const [index, version] of ["v1", "v2", "v3"].entries()) {
      await shelf.ensure("default", { version, seq: index + 1 });
    }
    await shelf.ensure("other", { version: "v1", seq: 1 });
    shelf.prune(() => new Set(["v2"]));
    expect(["v1", "v2", "v3"].map((version) => shelf.byVersion(version))).toEqual([v1, v2, v3]);
    const restarted = new CatalogShelf(sql, new Source());
    restarted.prune(() => new Set());
    expect(() => restarted.byVersion("v2")).toThrow("v2 is not on the shelf");
    expect(restarted.byVersion("v1").document).toEqual(v1.document);
    expect(restarted.byVersion("v3").document).toEqual(v3.document);
  });

  test("is not looked for in the journal when all of them are current", async () => {
    const shelf = new CatalogShelf(new SimulatedSql(), new Source(v1));
    await shelf.ensure("default", { version: "v1", seq: 1 });
    let asked = 0;
    shelf.prune(() => {
      asked++;
      return new Set();
    });
    expect(asked).toBe(0);
  });
});

import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { catalogReference, withReference } from "./catalog-reference.ts";
import { catalogSchema } from "./catalog-schema.ts";

const remedy = "run `npm run catalog:docs`";

describe("what is generated about the catalog", () => {
  it("docs/catalog.schema.json is what the parser's tables say", () => {
    const written: unknown = JSON.parse(read("docs/catalog.schema.json"));
    expect(written, remedy).toEqual(JSON.parse(JSON.stringify(catalogSchema())));
  });

  it("the reference in docs/catalog.md is what the parser's tables say", () => {
    const page = read("docs/catalog.md");
    expect(page, remedy).toBe(withReference(page, catalogReference()));
  });

  it("a page without a place for the reference is refused", () => {
    expect(() => withReference("# The catalog", "")).toThrow("The page needs the lines");
  });

  it("the sample catalog names the schema by a path that exists", () => {
    const sample: { $schema: string } = JSON.parse(read("dev/catalog.sample.json"));
    const schema = new URL(sample.$schema, new URL("catalog.sample.json", import.meta.url));
    expect(JSON.parse(readFileSync(schema, "utf8"))).toHaveProperty("title", "Gauntlet catalog");
  });
});

function read(path: string): string {
  return readFileSync(new URL(`../${path}`, import.meta.url), "utf8");
}

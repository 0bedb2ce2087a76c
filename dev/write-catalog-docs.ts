import { readFileSync, writeFileSync } from "node:fs";

import { catalogReference, withReference } from "./catalog-reference.ts";
import { catalogSchema } from "./catalog-schema.ts";

// Writes what is generated about the catalog: its JSON Schema, and the reference in its page. oxfmt formats the schema afterwards.
const page = new URL("../docs/catalog.md", import.meta.url);
const schema = new URL("../docs/catalog.schema.json", import.meta.url);
writeFileSync(schema, JSON.stringify(catalogSchema()));
writeFileSync(page, withReference(readFileSync(page, "utf8"), catalogReference()));

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { withTables } from "./docs-page.ts";
import { COST_TABLES } from "./tables.ts";

// Prints what events cost and what limits first; `-- --write` puts the tables into docs/scaling.md, which explains them.
const PAGE = join(import.meta.dirname, "../../docs/scaling.md");
if (process.argv.includes("--write")) {
  writeFileSync(PAGE, withTables(readFileSync(PAGE, "utf8"), COST_TABLES));
} else {
  for (const [name, table] of Object.entries(COST_TABLES)) {
    process.stdout.write(`${name}\n\n${table()}\n\n`);
  }
}

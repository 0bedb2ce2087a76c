import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

// Fails when drizzle/schema.ts says something that no migration does: drizzle-kit would then have one to write.
const repository = fileURLToPath(new URL("..", import.meta.url));
const copy = mkdtempSync(join(tmpdir(), "gauntlet-migrations-"));
try {
  cpSync(join(repository, "migrations"), copy, { recursive: true });
  const before = readdirSync(copy).length;
  const schema = join(repository, "drizzle", "schema.ts");
  const options = ["generate", "--dialect", "postgresql", "--schema", schema, "--out", copy];
  execFileSync("drizzle-kit", options, { cwd: repository, stdio: "pipe" });
  if (readdirSync(copy).length !== before) {
    console.error(
      "drizzle/schema.ts has changes without a migration. Write it: npm run db:generate -- --name verb_object",
    );
    process.exitCode = 1;
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}

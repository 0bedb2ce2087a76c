import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Gzipped size of the Worker, in KiB. The platform starts an isolate with it in at most a second, and every location loads
 * it; today's libraries (Hono, zod, jose, the Neon driver) and our code are well below. What breaks it is most often a named
 * import from zod, which puts every locale into the bundle: write `import * as z from "zod"`. Dead letters, the repair of
 * grants and /metrics took some 5 KiB each.
 */
const GZIP_KIB_MAX = 180;

// Builds the Worker as a deployment would, without deploying it, and holds its size against the budget.
const folder = mkdtempSync(join(tmpdir(), "gauntlet-build-"));
try {
  const output = execFileSync("wrangler", ["deploy", "--dry-run", "--outdir", folder], {
    encoding: "utf8",
    env: { ...process.env, WRANGLER_SEND_METRICS: "false" },
  });
  const size = /gzip: ([\d.]+) KiB/.exec(output)?.[1];
  if (size === undefined) throw new Error(`wrangler did not tell the size:\n${output}`);
  console.log(`Worker: ${size} KiB gzipped, of ${GZIP_KIB_MAX} KiB at most.`);
  if (Number(size) > GZIP_KIB_MAX) {
    console.error("The Worker is too large. See dev/check-build.ts for what usually causes it.");
    process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

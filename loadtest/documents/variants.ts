import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The product, and the same product with the one route that encodes documents anew. */
export const VARIANTS = ["spliced", "plain"] as const;
export type Variant = (typeof VARIANTS)[number];

const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));
const ENTRIES: Record<Variant, string> = {
  spliced: join(REPOSITORY, "src", "worker.ts"),
  plain: join(REPOSITORY, "loadtest", "documents", "plain-worker.ts"),
};

/**
 * Left out: on Cloudflare the rate limit is a native counter, locally it is simulated by a request to another Worker, which
 * costs more than the answer. A Worker without the binding lets everybody in.
 */
const RATE_LIMITS = /^\[\[ratelimits\]\]\n(?:[^\n[]+\n)+/gm;

/** Builds a variant as a deployment would, and makes a folder with a wrangler.toml that runs that very bundle. */
export function buildVariant(variant: Variant, folder: string): string {
  mkdirSync(folder, { recursive: true });
  const configuration = readFileSync(join(REPOSITORY, "wrangler.toml"), "utf8");
  const options = ["deploy", ENTRIES[variant], "--dry-run", "--outdir", join(folder, "dist")];
  const environment = { ...process.env, WRANGLER_SEND_METRICS: "false" };
  execFileSync("wrangler", options, { cwd: REPOSITORY, env: environment, stdio: "pipe" });
  const bundle = variant === "spliced" ? "worker.js" : "plain-worker.js";
  writeFileSync(
    join(folder, "wrangler.toml"),
    configuration
      .replace(/^main = .*$/m, `main = "dist/${bundle}"\nno_bundle = true`)
      .replace(/^(minify|upload_source_maps) = .*$/gm, "")
      .replace(RATE_LIMITS, ""),
  );
  return folder;
}

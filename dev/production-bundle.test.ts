import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";

import { expect, test } from "vitest";
import * as z from "zod";

import { CLOCK_OFFSET_VAR } from "./shifted-clock.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";
import { PROJECT_FOLDER } from "./worker-settings.ts";

/** wrangler takes some seconds for a bundle. */
const BUILD_TIMEOUT_MS = 60_000;

interface Bundle {
  readonly text: string;
  /** The files that it is made of, from the project's folder; packages by their name alone. */
  readonly parts: ReadonlySet<string>;
}

const sourceMap = z.object({ sources: z.array(z.string()) });

function bundleOf(entry: string): Bundle {
  const folder = temporaryFolder();
  const wrangler = join(PROJECT_FOLDER, "node_modules", "wrangler", "bin", "wrangler.js");
  const options = [wrangler, "deploy", entry, "--dry-run", "--outdir", folder];
  const env = { ...process.env, WRANGLER_SEND_METRICS: "false" };
  execFileSync(process.execPath, options, { cwd: PROJECT_FOLDER, env, stdio: "pipe" });
  const map: unknown = JSON.parse(readFileSync(join(folder, "worker.js.map"), "utf8"));
  const parts = sourceMap
    .parse(map)
    .sources.map((source) => partOf(relative(PROJECT_FOLDER, resolve(folder, source))));
  return { text: readFileSync(join(folder, "worker.js"), "utf8"), parts: new Set(parts) };
}

function partOf(file: string): string {
  return /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? file;
}

/** What does not belong to a deployment: the dev stack, the tests, and every package that is not a dependency. */
function strangersIn({ parts }: Bundle): string[] {
  const packages = new Set(DEPENDENCIES);
  return [...parts].filter((part) => !part.startsWith("src/") && !packages.has(part));
}

const manifest: unknown = JSON.parse(readFileSync(join(PROJECT_FOLDER, "package.json"), "utf8"));
const DEPENDENCIES = Object.keys(
  z.object({ dependencies: z.record(z.string(), z.string()) }).parse(manifest).dependencies,
);

test(
  "what is deployed is src/ and its dependencies, and the clock cannot be shifted in it",
  { timeout: BUILD_TIMEOUT_MS },
  () => {
    const deployed = bundleOf("src/worker.ts");
    expect(strangersIn(deployed)).toEqual([]);
    expect(deployed.parts).toContain("src/worker.ts");
    expect([...deployed.parts].filter((part) => part.endsWith(".test.ts"))).toEqual([]);
    expect(deployed.text).not.toContain(CLOCK_OFFSET_VAR);
  },
);

test("the local stack's entry would be found out by both", { timeout: BUILD_TIMEOUT_MS }, () => {
  const local = bundleOf("dev/worker.ts");
  expect(strangersIn(local)).toContain("dev/worker.ts");
  expect(local.text).toContain(CLOCK_OFFSET_VAR);
});

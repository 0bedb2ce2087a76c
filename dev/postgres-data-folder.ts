import { spawnSync } from "node:child_process";
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";

import { commandLine, postgresEnvironment, type PostgresLaunch } from "./postgres-launch.ts";
import { StackProblem } from "./stack-problem.ts";

/** The local superuser; the local databases belong to it. */
export const POSTGRES_USER = "gauntlet";

/**
 * Makes an empty cluster in the data folder. Throws StackProblem.
 *
 * Made beside its place and moved there when complete, so that a killed initdb leaves nothing half-made in use.
 */
export function createDataFolder(launch: PostgresLaunch, password: string): void {
  const unfinished = `${launch.dataDir}.new`;
  const passwordFile = `${launch.dataDir}.password`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true, mode: 0o700 });
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  try {
    launch.own(unfinished);
    launch.own(passwordFile);
    const result = spawnSync(
      ...commandLine(launch, launch.binaries.initdb, [
        `--pgdata=${unfinished}`,
        `--username=${POSTGRES_USER}`,
        `--pwfile=${passwordFile}`,
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--no-instructions",
      ]),
      { ...launch.identity, env: postgresEnvironment(), encoding: "utf8" },
    );
    if (result.status !== 0) {
      throw new StackProblem(
        `Postgres could not make its data folder ${launch.dataDir}:\n${result.error?.message ?? result.stderr}`,
      );
    }
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(unfinished, launch.dataDir);
}

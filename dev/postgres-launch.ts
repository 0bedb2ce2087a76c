import { spawnSync } from "node:child_process";
import { chownSync, cpSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";

import { binariesIn, type PostgresBinaries } from "./postgres-binaries.ts";
import { StackProblem } from "./stack-problem.ts";

/** How to run the Postgres programs on this machine, and where the data lies. */
export interface PostgresLaunch {
  readonly binaries: PostgresBinaries;
  readonly dataDir: string;
  /** Put before the program and its arguments; empty unless root. */
  readonly prefix: readonly string[];
  /** The user to run as, where the prefix does not change it. */
  readonly identity: { readonly uid?: number; readonly gid?: number };
  /** Makes a folder belong to the user that Postgres runs as. */
  readonly own: (path: string) => void;
}

/** `nobody` nearly everywhere. Postgres runs as any user but root; initdb wants one that has a name. */
const UNPRIVILEGED_ID = 65_534;

/**
 * Runs a program as `nobody` who may still enter and read every folder.
 *
 * Postgres refuses root, but a checkout in a home that only root may enter (mode 0700, a fresh container) is out of
 * reach for everybody else. An ambient CAP_DAC_OVERRIDE reaches it. `no_setuid_fixup` is needed because initdb asks
 * access(2), which otherwise drops the capabilities of users other than root.
 */
const AS_NOBODY_WHO_MAY_ENTER = [
  "setpriv",
  `--reuid=${UNPRIVILEGED_ID}`,
  `--regid=${UNPRIVILEGED_ID}`,
  "--clear-groups",
  "--securebits=+no_setuid_fixup",
  "--inh-caps=-all,+dac_override",
  "--ambient-caps=-all,+dac_override",
  "--bounding-set=-all,+dac_override",
] as const;

/**
 * Chooses how to run Postgres; `wantedDataDir` is used unless root lacks the capability to share it.
 *
 * `copyFolder` is a folder that everybody can reach, used only in that case: programs and data go there.
 */
export function planPostgresLaunch(
  installed: PostgresBinaries,
  wantedDataDir: string,
  copyFolder: string,
  log: (line: string) => void,
): PostgresLaunch {
  if (process.getuid?.() !== 0) {
    return {
      binaries: installed,
      dataDir: wantedDataDir,
      prefix: [],
      identity: {},
      own: () => {},
    };
  }
  const own = (path: string) => chownSync(path, UNPRIVILEGED_ID, UNPRIVILEGED_ID);
  if (canRun(AS_NOBODY_WHO_MAY_ENTER, installed)) {
    const prefix = AS_NOBODY_WHO_MAY_ENTER;
    return { binaries: installed, dataDir: wantedDataDir, prefix, identity: {}, own };
  }
  log(
    `Postgres cannot run as root, and this root lacks setpriv or the capability CAP_DAC_OVERRIDE. ` +
      `Its programs and data are kept in ${copyFolder} instead, as user ${UNPRIVILEGED_ID}.`,
  );
  return planCopy(installed, copyFolder, own);
}

/** Command and arguments for one of the programs. */
export function commandLine(
  launch: PostgresLaunch,
  program: string,
  options: readonly string[],
): [string, string[]] {
  const [command, ...rest] = [...launch.prefix, program, ...options];
  return [command ?? program, rest];
}

/** Only what the programs need: PGHOST and the like of the developer's shell must not reach them. */
export function postgresEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env["PATH"], LC_ALL: "C", TZ: "UTC" };
}

function planCopy(
  installed: PostgresBinaries,
  copyFolder: string,
  own: (path: string) => void,
): PostgresLaunch {
  const programs = join(copyFolder, "native");
  mkdirSync(copyFolder, { recursive: true, mode: 0o755 });
  if (!existsSync(join(programs, "complete"))) {
    rmSync(programs, { recursive: true, force: true });
    cpSync(installed.folder, programs, { recursive: true, verbatimSymlinks: true });
    mkdirSync(join(programs, "complete"));
  }
  own(copyFolder);
  const identity = { uid: UNPRIVILEGED_ID, gid: UNPRIVILEGED_ID };
  const binaries = binariesIn(programs);
  const probe = spawnSync(binaries.postgres, ["--version"], identity);
  if (probe.status !== 0) {
    throw new StackProblem(
      `Postgres cannot be started as user ${UNPRIVILEGED_ID} from ${copyFolder}: ` +
        `${probe.error?.message ?? probe.stderr.toString()}. ` +
        "Run as an ordinary user, or name a database of your own: DATABASE_URL=postgres://… npm run dev",
    );
  }
  return { binaries, dataDir: join(copyFolder, "data"), prefix: [], identity, own };
}

function canRun(prefix: readonly string[], binaries: PostgresBinaries): boolean {
  const [command, ...options] = [...prefix, binaries.initdb, "--version"];
  return command !== undefined && spawnSync(command, options).status === 0;
}

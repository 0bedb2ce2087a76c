import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { StackProblem } from "../../dev/stack-problem.ts";
import { type K6Log, readLog } from "./read-log.ts";
import { K6Summary } from "./read-summary.ts";

/** One run of a script. */
export interface K6Run {
  readonly binary: string;
  /** The script's name, without its ending. */
  readonly script: string;
  /** What the script is told, by `-e`. */
  readonly environment: Readonly<Record<string, string>>;
  /** Summary and log are written there. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** k6 ends with this when a threshold was crossed; the report judges by itself. */
const THRESHOLDS_CROSSED = 99;

/** Runs a script to its end. Throws, with what k6 has said, when there was no load or no summary. */
export async function runK6Script(run: K6Run): Promise<{ summary: K6Summary; log: K6Log }> {
  const { binary, script, environment, folder, signal } = run;
  const summaryFile = join(folder, "summary.json");
  const logFile = join(folder, "k6.log");
  const told = Object.entries({ ...environment, SUMMARY_FILE: summaryFile });
  const child = spawn(
    binary,
    [
      "run",
      "--quiet",
      "--no-usage-report",
      "--no-color",
      `--log-output=file=${logFile}`,
      "--log-format=json",
      ...told.flatMap(([name, value]) => ["-e", `${name}=${value}`]),
      fileURLToPath(new URL(`../k6/${script}.ts`, import.meta.url)),
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  const end = () => child.kill("SIGKILL");
  signal.addEventListener("abort", end);
  const said: string[] = [];
  child.stderr.setEncoding("utf8").on("data", (text: string) => said.push(text));
  try {
    const [code]: (number | null)[] = await once(child, "close");
    signal.throwIfAborted();
    if (code !== 0 && code !== THRESHOLDS_CROSSED) {
      throw new Error(`k6 ended with ${code}: ${said.join("")}${textOf(logFile)}`);
    }
    return {
      summary: new K6Summary(readFileSync(summaryFile, "utf8")),
      log: readLog(textOf(logFile)),
    };
  } finally {
    signal.removeEventListener("abort", end);
  }
}

/** What k6 says of itself, such as `k6 v1.8.1`. Throws StackProblem when the file cannot be run or refuses. */
export function k6Version(binary: string): string {
  const { status, stdout, stderr, error } = spawnSync(binary, ["version"], { encoding: "utf8" });
  if (status !== 0) {
    throw new StackProblem(`${binary} does not run: ${error?.message ?? stderr.trim()}`);
  }
  return /k6(\.exe)? v?[\d.]+/.exec(stdout)?.[0] ?? stdout.trim();
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // It wrote nothing.
    return "";
  }
}

import { StackProblem } from "../stack-problem.ts";
import { parseOverloadOptions } from "./options.ts";
import { judge, reportLines } from "./report.ts";
import { runOverload } from "./run-overload.ts";

/** Enough that no player's rate limit is met, and few enough to stay in memory with their rows. */
const KNOWN_PLAYERS = 1_000;

const interrupt = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.on(name, () => interrupt.abort(new StackProblem("Interrupted.")));
}

// Takes Postgres away from a stack of its own under load, and ends with 0 only if every promise was kept.
try {
  const { seconds } = parseOverloadOptions(process.argv.slice(2));
  const startedAt = Date.now();
  const log = (line: string) => {
    const seconds = ((Date.now() - startedAt) / 1_000).toFixed(1).padStart(6);
    process.stderr.write(`${seconds} s  ${line}\n`);
  };
  const report = await runOverload({ seconds, knownPlayers: KNOWN_PLAYERS }, log, interrupt.signal);
  for (const line of reportLines(report)) console.log(line);
  process.exitCode = judge(report).every(({ isKept }) => isKept) ? 0 : 1;
} catch (error) {
  console.error(error instanceof StackProblem ? error.message : error);
  process.exitCode = 1;
}

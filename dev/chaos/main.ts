import { randomInt } from "node:crypto";

import { StackProblem } from "../stack-problem.ts";
import { parseChaosOptions } from "./options.ts";
import { isKept, reportLines } from "./report.ts";
import { runChaos } from "./run-chaos.ts";

/** Short enough to be typed again. */
const SEED_BELOW = 1_000_000;

const interrupt = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.on(name, () => interrupt.abort(new StackProblem("Interrupted.")));
}

// Breaks a stack of its own under load, and ends with 0 only if every promise was kept.
try {
  const options = parseChaosOptions(process.argv.slice(2), () => randomInt(SEED_BELOW));
  const startedAt = Date.now();
  const log = (line: string) => {
    const seconds = ((Date.now() - startedAt) / 1_000).toFixed(1).padStart(6);
    process.stderr.write(`${seconds} s  ${line}\n`);
  };
  const report = await runChaos(options, log, interrupt.signal);
  for (const line of reportLines(report)) console.log(line);
  process.exitCode = isKept(report) ? 0 : 1;
} catch (error) {
  console.error(error instanceof StackProblem ? error.message : error);
  process.exitCode = 1;
}

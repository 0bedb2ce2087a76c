import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { StackProblem } from "../dev/stack-problem.ts";
import { parseLoadtestArguments } from "./arguments.ts";
import { htmlOf } from "./report/html.ts";
import { markdownOf } from "./report/markdown.ts";
import { reportOf } from "./report/report.ts";
import { runScenario } from "./run.ts";
import { SCENARIOS } from "./scenarios/scenarios.ts";

const RESULTS = fileURLToPath(new URL("results", import.meta.url));

const interrupted = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => interrupted.abort());
}
const folder = mkdtempSync(join(tmpdir(), "gauntlet-load-"));
try {
  const options = parseLoadtestArguments(process.argv.slice(2));
  const scenario = SCENARIOS[options.scenario](options);
  const run = await runScenario({
    scenario,
    folder: join(folder, "state"),
    isProfiled: options.isProfiled,
    log: (line) => console.error(line),
    signal: interrupted.signal,
  });
  const command = ["npm run loadtest --", ...process.argv.slice(2)].join(" ");
  const report = reportOf(run, command);
  mkdirSync(RESULTS, { recursive: true });
  const file = join(RESULTS, options.name);
  writeFileSync(`${file}.md`, markdownOf(report));
  writeFileSync(`${file}.html`, htmlOf(report));
  console.log(markdownOf(report));
  console.error(`The report is in ${file}.md and ${file}.html.`);
  process.exitCode = report.isPassed ? 0 : 1;
} catch (error) {
  console.error(error instanceof StackProblem ? error.message : error);
  process.exitCode = 2;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

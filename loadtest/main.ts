import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { StackProblem } from "../dev/stack-problem.ts";
import { parseLoadtestArguments } from "./arguments.ts";
import { ownGenerator } from "./generate.ts";
import { findK6 } from "./k6-runner/find-k6.ts";
import { k6Version } from "./k6-runner/k6-process.ts";
import { k6Generator } from "./k6-runner/run-k6.ts";
import { placeInSource } from "./profile/place-in-source.ts";
import { againstClean } from "./report/against-clean.ts";
import { profileBlocks } from "./report/profile-blocks.ts";
import { reportOf } from "./report/report.ts";
import { writeReport } from "./report/write-report.ts";
import { runScenario } from "./run.ts";
import type { Scenario } from "./scenarios/scenario.ts";
import { SCENARIOS } from "./scenarios/scenarios.ts";

const interrupted = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => interrupted.abort(new StackProblem("Interrupted.")));
}
const folder = mkdtempSync(join(tmpdir(), "gauntlet-load-"));
try {
  const options = parseLoadtestArguments(process.argv.slice(2));
  const stateFolder = join(folder, "state");
  const scenario = SCENARIOS[options.scenario](options);
  const k6 = options.generator === "k6" ? usableK6() : null;
  const start = (of: Scenario, stateFolder: string) =>
    runScenario({
      scenario: of,
      generate:
        k6 === null
          ? ownGenerator
          : k6Generator({ ...k6, lengths: options, folder: join(stateFolder, "k6") }),
      folder: stateFolder,
      shards: options.shards,
      isProfiled: options.isProfiled,
      log: (line) => console.error(line),
      signal: interrupted.signal,
    });
  const clean =
    scenario.preloadedRows === 0
      ? null
      : await start({ ...scenario, preloadedRows: 0 }, join(folder, "clean"));
  const run = await start(scenario, stateFolder);
  const command = ["npm run loadtest --", ...process.argv.slice(2)].join(" ");
  const placeOf = placeInSource(join(stateFolder, "bundle", "worker.js.map"));
  const report = reportOf(run, command, [
    ...(clean === null ? [] : againstClean(run.generator, clean.generator)),
    ...profileBlocks(run.profiles, placeOf),
  ]);
  writeReport(report, options.name, run.profiles);
  process.exitCode = report.isPassed ? 0 : 1;
} catch (error) {
  console.error(error instanceof StackProblem ? error.message : error);
  process.exitCode = 2;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Asked before the stack starts, so that a k6 that is missing or does not run is told at once. */
function usableK6(): { readonly binary: string; readonly version: string } {
  const binary = findK6();
  return { binary, version: k6Version(binary) };
}

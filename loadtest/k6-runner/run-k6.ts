import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { signTokens } from "../fixtures/tokens.ts";
import { userIdsOf } from "../fixtures/user-ids.ts";
import { type Generate, stepLine } from "../generate.ts";
import { type Segment, segmentsOf } from "../k6/streams.ts";
import type { Lengths } from "../scenarios/scenario.ts";
import { Collected } from "./collected.ts";
import { runK6Script } from "./k6-process.ts";

/** Which k6, with what lengths, and a folder for its files. */
export interface K6Setup {
  readonly binary: string;
  /** As the report names it. */
  readonly version: string;
  /** The scripts build the scenario themselves; they have to build the same. */
  readonly lengths: Lengths;
  readonly folder: string;
}

/** Sends a scenario's load by k6, one run of it for each part that waits for its answers. */
export function k6Generator({ binary, version, lengths, folder }: K6Setup): Generate {
  return async ({ load, scenario, runId, log, signal }) => {
    mkdirSync(folder, { recursive: true });
    const files = { RUN_FILE: join(folder, "run.json"), TOKENS_FILE: join(folder, "tokens.json") };
    const tokens = signTokens(load.tokens, userIdsOf(runId, scenario.players), Date.now());
    const baseUrl = `http://${load.host}:${load.port}`;
    // They are credentials, of this run alone.
    const mode = { mode: 0o600 };
    writeFileSync(
      files.RUN_FILE,
      JSON.stringify({ baseUrl, runId, serverKeys: load.serverKeys }),
      mode,
    );
    writeFileSync(files.TOKENS_FILE, JSON.stringify(tokens), mode);
    const collected = new Collected(scenario, version);
    for (const [index, segment] of segmentsOf(scenario).entries()) {
      if (collected.isBroken(segment.ladder)) continue;
      log(`Phases: ${segment.phases.map(({ phase }) => phase.name).join(", ")}`);
      if (segment.streams.length === 0) {
        await sleep(secondsOf(segment) * 1000, undefined, { signal });
        continue;
      }
      const environment = {
        ...files,
        SCALE: String(lengths.scale),
        FULL: String(lengths.isFull),
        SEGMENT: String(index),
      };
      const segmentFolder = join(folder, `segment-${index}`);
      mkdirSync(segmentFolder);
      const run = { binary, script: scenario.name, environment, folder: segmentFolder, signal };
      const step = collected.add(segment, await runK6Script(run));
      if (step !== null) log(stepLine(step));
    }
    return collected.result();
  };
}

function secondsOf({ phases }: Segment): number {
  return phases.reduce((sum, { phase }) => sum + phase.seconds, 0);
}

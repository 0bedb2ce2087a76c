import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";

import type { Generate } from "./generate.ts";
import { measureLoad, type Measured } from "./measure-load.ts";
import { describeMachine, type Machine } from "./measure/machine.ts";
import type { Scenario } from "./scenarios/scenario.ts";
import { settle } from "./settle.ts";
import type { StatementFigures } from "./stack/endpoint-messages.ts";
import { startLoadStack } from "./stack/load-stack.ts";
import { preloadRows } from "./stack/preload.ts";
import type { Verification } from "./verify/compare.ts";
import { verify } from "./verify/verify.ts";

/** Everything that a run has found. */
export interface Run extends Measured {
  readonly scenario: Scenario;
  readonly statements: readonly StatementFigures[];
  /** How long the last operations took to Postgres after the load; null: they did not arrive. */
  readonly settledAfterMs: number | null;
  readonly verification: Verification;
  readonly machine: Machine;
  readonly shards: number;
}

/** Starts a stack in an empty folder, runs the scenario from cold, waits for the flush, verifies, stops the stack. */
export async function runScenario(options: {
  readonly scenario: Scenario;
  readonly generate: Generate;
  readonly folder: string;
  /** SHARD_COUNT of the stack. */
  readonly shards: number;
  readonly isProfiled: boolean;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}): Promise<Run> {
  const { scenario, generate, folder, shards, isProfiled, log, signal } = options;
  mkdirSync(folder, { recursive: true });
  const machine = describeMachine(folder);
  const load = await startLoadStack({ folder, shards, isProfiled, log, signal });
  try {
    const { stack, namespace } = load;
    const { databaseUrl } = stack;
    const { players, preloadedRows: rows } = scenario;
    const runId = `load-${randomBytes(3).toString("hex")}`;
    if (rows > 0) {
      log(`Writing ${rows} rows …`);
      await preloadRows({ databaseUrl, namespace, runId, players, rows });
    }
    signal.throwIfAborted();
    const measured = await measureLoad(generate, { load, scenario, runId, log, signal });
    log("Waiting for the flush …");
    const settledAfterMs = await settle(stack.url, stack.serverKey);
    log("Comparing with Postgres …");
    const { tally } = measured.generator;
    const verification = await verify({ databaseUrl, namespace, runId, players, tally });
    const statements = await load.statements();
    return { ...measured, scenario, statements, settledAfterMs, verification, machine, shards };
  } finally {
    await load.stop();
  }
}

import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";

import type { GeneratorMessage, GeneratorResult } from "./generator/plan.ts";
import { describeMachine, type Machine } from "./measure/machine.ts";
import { startSampler, type Sample } from "./measure/sampler.ts";
import { runGenerator } from "./run-generator.ts";
import type { Scenario } from "./scenarios/scenario.ts";
import { settle } from "./settle.ts";
import type { StatementFigures } from "./stack/endpoint-messages.ts";
import { startLoadStack, type LoadStack } from "./stack/load-stack.ts";
import type { Verification } from "./verify/compare.ts";
import { verify } from "./verify/verify.ts";

/** Everything that a run has found. */
export interface Run {
  readonly scenario: Scenario;
  readonly generator: GeneratorResult;
  readonly samples: readonly Sample[];
  readonly statements: readonly StatementFigures[];
  /** How long the last operations took to Postgres after the load; null: they did not arrive. */
  readonly settledAfterMs: number | null;
  readonly verification: Verification;
  readonly machine: Machine;
}

/** Most connections that the generator opens; k6 would call it its maximum of virtual users. */
const CONNECTIONS_MAX = 1_000;

/** Starts a stack in an empty folder, runs the scenario from cold, waits for the flush, verifies, stops the stack. */
export async function runScenario(options: {
  readonly scenario: Scenario;
  readonly folder: string;
  readonly isProfiled: boolean;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}): Promise<Run> {
  const { scenario, folder, isProfiled, log, signal } = options;
  mkdirSync(folder, { recursive: true });
  const machine = describeMachine(folder);
  const load = await startLoadStack({ folder, isProfiled, log });
  try {
    const runId = `load-${randomBytes(3).toString("hex")}`;
    const { stack } = load;
    const sampler = startSampler(stack.url, stack.serverKey);
    const generator = await Promise.race([
      runGenerator(planOf(load, scenario, runId), (message) => tell(message, log), signal),
      stack.failed.then((reason): never => {
        throw new Error(reason);
      }),
    ]);
    log("Waiting for the flush …");
    const settledAfterMs = await settle(stack.url, stack.serverKey);
    await sampler.stop();
    log("Comparing with Postgres …");
    const { tally } = generator;
    const { databaseUrl } = stack;
    const { namespace } = load;
    const { players } = scenario;
    const verification = await verify({ databaseUrl, namespace, runId, players, tally });
    const statements = await load.statements();
    const { samples } = sampler;
    return { scenario, generator, samples, statements, settledAfterMs, verification, machine };
  } finally {
    await load.stop();
  }
}

function planOf(load: LoadStack, scenario: Scenario, runId: string) {
  const { host, port, tokens, serverKeys } = load;
  return {
    host,
    port,
    basePath: "",
    scenario,
    runId,
    tokens,
    serverKeys,
    connectionsMax: CONNECTIONS_MAX,
  };
}

function tell(message: GeneratorMessage, log: (line: string) => void): void {
  switch (message.type) {
    case "ready":
      return log(`Signed ${message.signedTokens} tokens in ${Math.round(message.signingMs)} ms.`);
    case "phase":
      return log(`Phase: ${message.name}`);
    case "step": {
      const { name, p95Ms, failures, isGood } = message.step;
      const verdict = isGood ? "good" : "broken";
      return log(`  ${name}: p95 ${p95Ms.toFixed(1)} ms, ${failures} failures: ${verdict}`);
    }
    case "result":
      return log("The load is over.");
  }
}

import type { GeneratorMessage, GeneratorResult, LadderStep } from "./generator/plan.ts";
import { runGenerator } from "./run-generator.ts";
import type { Scenario } from "./scenarios/scenario.ts";
import type { LoadStack } from "./stack/load-stack.ts";

/** Sends a scenario's load at a stack that runs, and says what became of it. */
export type Generate = (of: {
  readonly load: LoadStack;
  readonly scenario: Scenario;
  readonly runId: string;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}) => Promise<GeneratorResult>;

/** Most connections that the generator opens; beyond it a request waits in the generator, and its latency counts that. */
const CONNECTIONS_MAX = 1_000;

/** The load comes from the generator in this repository. */
export const ownGenerator: Generate = ({ load, scenario, runId, log, signal }) => {
  const { host, port, tokens, serverKeys } = load;
  const connectionsMax = CONNECTIONS_MAX;
  const plan = { host, port, basePath: "", scenario, runId, tokens, serverKeys, connectionsMax };
  return runGenerator(plan, (message) => tell(message, log), signal);
};

/** A ladder's step in one line. */
export function stepLine({ name, p95Ms, failures, isGood }: LadderStep): string {
  const verdict = isGood ? "good" : "broken";
  return `  ${name}: p95 ${p95Ms.toFixed(1)} ms, ${failures} failures: ${verdict}`;
}

function tell(message: GeneratorMessage, log: (line: string) => void): void {
  switch (message.type) {
    case "ready":
      return log(`Signed ${message.signedTokens} tokens in ${Math.round(message.signingMs)} ms.`);
    case "phase":
      return log(`Phase: ${message.name}`);
    case "step":
      return log(stepLine(message.step));
    case "result":
      return log("The load is over.");
  }
}

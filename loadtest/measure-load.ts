import type { GeneratorMessage, GeneratorResult } from "./generator/plan.ts";
import { type LagSample, startLagProbe } from "./measure/lag-probe.ts";
import { type Sample, startSampler } from "./measure/sampler.ts";
import { type IsolateProfile, startProfiler } from "./profile/profiler.ts";
import { runGenerator } from "./run-generator.ts";
import type { Scenario } from "./scenarios/scenario.ts";
import type { LoadStack } from "./stack/load-stack.ts";

/** What was seen while the load went on. */
export interface Measured {
  readonly generator: GeneratorResult;
  readonly samples: readonly Sample[];
  /** From an acknowledgement to Postgres, measured with events of its own. */
  readonly lags: readonly LagSample[];
  /** Of the isolates of workerd; empty without profiling. */
  readonly profiles: readonly IsolateProfile[];
}

/** Most connections that the generator opens; beyond it a request waits in the generator, and its latency counts that. */
const CONNECTIONS_MAX = 1_000;

/** Sends a scenario's load and looks at everything meanwhile; nothing of it runs on when this settles. */
export async function measureLoad(
  load: LoadStack,
  scenario: Scenario,
  runId: string,
  log: (line: string) => void,
  signal: AbortSignal,
): Promise<Measured> {
  const { stack, namespace } = load;
  const { url: baseUrl, databaseUrl } = stack;
  const serverKey = load.serverKeys[0] ?? "";
  const userId = `${runId}-lag`;
  const sampler = startSampler(baseUrl, stack.serverKey);
  const lagProbe = startLagProbe({ baseUrl, databaseUrl, serverKey, namespace, userId });
  try {
    const { inspectorPort } = load;
    const profiler = inspectorPort === null ? null : await startProfiler(inspectorPort);
    const generator = await Promise.race([
      runGenerator(planOf(load, scenario, runId), (message) => tell(message, log), signal),
      stack.failed.then((reason): never => {
        throw new Error(reason);
      }),
    ]);
    const profiles = (await profiler?.stop()) ?? [];
    return { generator, samples: sampler.samples, lags: lagProbe.samples, profiles };
  } finally {
    await Promise.all([sampler.stop(), lagProbe.stop()]);
  }
}

function planOf({ host, port, tokens, serverKeys }: LoadStack, scenario: Scenario, runId: string) {
  const connectionsMax = CONNECTIONS_MAX;
  return { host, port, basePath: "", scenario, runId, tokens, serverKeys, connectionsMax };
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

import type { Generate } from "./generate.ts";
import type { GeneratorResult } from "./generator/plan.ts";
import { type LagSample, startLagProbe } from "./measure/lag-probe.ts";
import { type Sample, startSampler } from "./measure/sampler.ts";
import { type IsolateProfile, startProfiler } from "./profile/profiler.ts";

/** What was seen while the load went on. */
export interface Measured {
  readonly generator: GeneratorResult;
  readonly samples: readonly Sample[];
  /** From an acknowledgement to Postgres, measured with events of its own. */
  readonly lags: readonly LagSample[];
  /** Of the isolates of workerd; empty without profiling. */
  readonly profiles: readonly IsolateProfile[];
}

/** Sends a scenario's load and looks at everything meanwhile; nothing of it runs on when this settles. */
export async function measureLoad(
  generate: Generate,
  of: Parameters<Generate>[0],
): Promise<Measured> {
  const { load, runId } = of;
  const { stack, namespace } = load;
  const { url: baseUrl, databaseUrl } = stack;
  const serverKey = load.serverKeys[0] ?? "";
  const userId = `${runId}-lag`;
  const sampler = startSampler(baseUrl, stack.operatorKey);
  const lagProbe = startLagProbe({ baseUrl, databaseUrl, serverKey, namespace, userId });
  try {
    const { inspectorPort } = load;
    const profiler = inspectorPort === null ? null : await startProfiler(inspectorPort);
    const generator = await Promise.race([
      generate(of),
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

import { Histogram } from "../measure/histogram.ts";
import type { Stream } from "../scenarios/scenario.ts";
import { act, type ActionContext } from "./actions.ts";
import { type Arrival, Client } from "./client.ts";
import { drivePhase } from "./drive.ts";
import type { HttpPool } from "./http-pool.ts";
import { judgeStep } from "./ladder-step.ts";
import type { GeneratorMessage, GeneratorResult, LadderStep, Plan } from "./plan.ts";
import { Recorder } from "./recorder.ts";
import type { World } from "./world.ts";

/** Runs all phases, waits for every answer, and says what was seen. */
export async function runPlan(
  plan: Plan,
  world: World,
  pool: HttpPool,
  tell: (message: GeneratorMessage) => void,
): Promise<GeneratorResult> {
  const startedAt = performance.now();
  const startedAtMs = Date.now();
  const recorder = new Recorder(startedAt);
  const skipped = new Map<string, number>();
  const context = contextOf(plan, new Client(plan, pool, recorder), world, (action) =>
    skipped.set(action, (skipped.get(action) ?? 0) + 1),
  );
  const lateness = new Histogram();
  const underWay = new Set<Promise<void>>();
  const dispatch = (stream: Stream, arrival: Arrival) => {
    const done = act(context, stream, arrival).finally(() => underWay.delete(done));
    underWay.add(done);
  };
  const phases: { name: string; startsAtMs: number; endsAtMs: number }[] = [];
  const steps: LadderStep[] = [];
  let connections = 0;
  for (const phase of plan.scenario.phases) {
    if (steps.some(({ ladder, isGood }) => ladder === phase.ladder && !isGood)) continue;
    const startsAtMs = Date.now();
    tell({ type: "phase", name: phase.name, startsAtMs });
    await drivePhase(phase, dispatch, lateness);
    phases.push({ name: phase.name, startsAtMs, endsAtMs: Date.now() });
    connections = Math.max(connections, pool.connections);
    if (phase.isAwaited || phase.ladder !== undefined) await Promise.all(underWay);
    if (phase.ladder === undefined) continue;
    const step = judgeStep(phase, phase.ladder, recorder.ofPhase(phase.name));
    steps.push(step);
    tell({ type: "step", step });
  }
  await Promise.all(underWay);
  return {
    name: "our own",
    startedAtMs,
    phases,
    ...recorder.result(),
    steps,
    tally: world.tally.data(),
    lateness: lateness.data(),
    connectionsMax: connections,
    skipped: [...skipped].map(([action, count]) => ({ action, count })),
    resent: context.resends.count,
  };
}

function contextOf(
  plan: Plan,
  client: Client,
  world: World,
  skip: (action: string) => void,
): ActionContext {
  let used = 0;
  const serverKey = () => plan.serverKeys[used++ % plan.serverKeys.length] ?? "";
  return { client, world, serverKey, resends: { count: 0 }, skip };
}

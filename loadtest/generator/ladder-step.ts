import type { Histogram } from "../measure/histogram.ts";
import type { Phase } from "../scenarios/scenario.ts";
import type { LadderStep } from "./plan.ts";

/** A step of a ladder is good while p95 over all its requests stays below this and nothing fails. */
const LADDER_P95_MS = 100;

/** Judges a step by all of its requests together. */
export function judgeStep(
  phase: Phase,
  ladder: string,
  { latency, failures }: { readonly latency: Histogram; readonly failures: number },
): LadderStep {
  const p95Ms = latency.percentile(0.95);
  const of = (isWanted: (action: string) => boolean) =>
    phase.streams.filter(({ action }) => isWanted(action));
  return {
    ladder,
    name: phase.name,
    p95Ms,
    failures,
    requestsPerSecond: of((action) => action !== "events" && action !== "visibility").reduce(
      (sum, { perSecond }) => sum + perSecond,
      0,
    ),
    eventsPerSecond: of((action) => action === "events").reduce(
      (sum, { perSecond, batch = 1 }) => sum + perSecond * batch,
      0,
    ),
    isGood: failures === 0 && p95Ms < LADDER_P95_MS,
  };
}

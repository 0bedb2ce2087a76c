import type { GeneratorResult } from "../generator/plan.ts";
import type { Run } from "../run.ts";
import {
  EVENT_RATE_TARGETS,
  KNEE_TARGETS,
  LAG_TARGET_MS,
  LATENCY_ROWS,
  SUCCESS,
} from "./comparison.ts";
import { eventsPerSecond, lagPercentile, latencyOf, successShare } from "./figures.ts";
import { formatCount, formatMs, formatShare } from "./format.ts";

/** One line of the table of verdicts. */
export interface Verdict {
  readonly name: string;
  readonly published: string;
  readonly go: string;
  readonly measured: string;
  /** Against the published target; null where there is none. */
  readonly meetsPublished: boolean | null;
  readonly target: string;
  /** Against our own target; null where there is none. */
  readonly meetsTarget: boolean | null;
}

/** What a run decides on. A line appears only when the run has measured it. */
export function verdictsOf(
  run: Pick<Run, "scenario" | "generator" | "lags" | "verification">,
): Verdict[] {
  const { generator, lags, verification } = run;
  return [
    // The steps of a ladder go up to where it breaks: latencies over all of them say nothing.
    ...(generator.steps.length > 0 ? kneeVerdicts(generator) : latencyVerdicts(generator)),
    ...rateVerdicts(run.scenario.name, generator),
    ...(generator.steps.length > 0 ? [] : [successVerdict(generator)]),
    ...lagVerdict(lags),
    exactly("events lost", verification.lost),
    exactly("events doubled", verification.doubled),
    exactly("claims lost", verification.lostClaims),
    exactly("claims doubled", verification.doubledClaims),
    exactly("goals not switched as acknowledged", verification.wrongActivations),
  ];
}

/** Whether the run passes: every published target met, nothing lost, nothing doubled. */
export function passes(verdicts: readonly Verdict[]): boolean {
  return verdicts.every(({ meetsPublished }) => meetsPublished !== false);
}

function latencyVerdicts(generator: GeneratorResult): Verdict[] {
  return LATENCY_ROWS.flatMap(({ name, endpoint, publishedMs, goMs, targetMs }) => {
    const latency = latencyOf(generator, endpoint);
    if (latency.count === 0) return [];
    const p95 = latency.percentile(0.95);
    return {
      name: `${name}, p95`,
      published: publishedMs === null ? "–" : `≤ ${formatMs(publishedMs)}`,
      go: formatMs(goMs),
      measured: formatMs(p95),
      meetsPublished: publishedMs === null ? null : p95 <= publishedMs,
      target: `≤ ${formatMs(targetMs)}`,
      meetsTarget: p95 <= targetMs,
    };
  });
}

function successVerdict(generator: GeneratorResult): Verdict {
  const share = successShare(generator);
  return {
    name: "success rate",
    published: `≥ ${formatShare(SUCCESS.published)}`,
    go: formatShare(SUCCESS.go),
    measured: formatShare(share),
    meetsPublished: share >= SUCCESS.published,
    target: formatShare(SUCCESS.target),
    meetsTarget: share >= SUCCESS.target,
  };
}

function kneeVerdicts(generator: GeneratorResult): Verdict[] {
  return Object.entries(KNEE_TARGETS).map(([ladder, target]) => {
    const good = generator.steps.filter((step) => step.ladder === ladder && step.isGood);
    const factor = Number(/×([\d.]+)$/.exec(good.at(-1)?.name ?? "")?.[1] ?? 0);
    const measured = good.length === 0 ? "not even the first step" : `×${factor}`;
    const verdict = ownVerdict(
      `last good step, ${ladder}`,
      measured,
      `≥ ×${target}`,
      factor >= target,
    );
    // The published run itself is the first step; that system never carried it with real players.
    return { ...verdict, published: "≥ ×1", go: "never ×1", meetsPublished: factor >= 1 };
  });
}

function rateVerdicts(scenario: string, generator: GeneratorResult): Verdict[] {
  return generator.phases.flatMap(({ name }) => {
    const target = EVENT_RATE_TARGETS[`${scenario}/${name}`];
    if (target === undefined) return [];
    const rate = eventsPerSecond(generator, name);
    // An open loop reaches its rate only up to the arrivals at the phase's edges.
    const isReached = rate >= target * 0.99;
    const measured = `${formatCount(rate)}/s`;
    return ownVerdict(`events/s, ${name}`, measured, `≥ ${formatCount(target)}/s`, isReached);
  });
}

function lagVerdict(lags: Run["lags"]): Verdict[] {
  if (lags.length === 0) return [];
  const p99 = lagPercentile(lags, 0.99);
  const target = `≤ ${formatMs(LAG_TARGET_MS)}`;
  return [ownVerdict("event in Postgres, p99", formatMs(p99), target, p99 <= LAG_TARGET_MS)];
}

function ownVerdict(name: string, measured: string, target: string, isMet: boolean): Verdict {
  const none = { published: "–", go: "–", meetsPublished: null };
  return { name, ...none, measured, target, meetsTarget: isMet };
}

/** The Go system counted neither; it is a promise here, so it decides all the same. */
function exactly(name: string, count: number): Verdict {
  const isNone = count === 0;
  return {
    name,
    published: "0",
    go: "not counted",
    measured: formatCount(count),
    meetsPublished: isNone,
    target: "0",
    meetsTarget: isNone,
  };
}

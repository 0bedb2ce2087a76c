import { judgeStep } from "../generator/ladder-step.ts";
import type { GeneratorResult, LadderStep } from "../generator/plan.ts";
import type { LogLine } from "../k6/log-lines.ts";
import { COUNTERS, endpointsOf, tagged, windowSeconds } from "../k6/names.ts";
import type { Segment } from "../k6/streams.ts";
import { Histogram } from "../measure/histogram.ts";
import type { Scenario } from "../scenarios/scenario.ts";
import { failuresOf, type Failure } from "./failures.ts";
import { perSecondOf, phaseResult, type PhaseResult } from "./phase-result.ts";
import type { K6Log } from "./read-log.ts";
import type { K6Summary } from "./read-summary.ts";
import { type CarriedOut, tallyOf } from "./tally-of.ts";

/** What one run of k6 has left. */
export interface K6Output {
  readonly summary: K6Summary;
  readonly log: K6Log;
}

/** Puts the runs of k6 together into what a report needs. */
export class Collected {
  readonly #scenario: Scenario;
  readonly #name: string;
  #startedAtMs: number | null = null;
  readonly #phases: GeneratorResult["phases"][number][] = [];
  readonly #results: PhaseResult[] = [];
  readonly #failures: Failure[] = [];
  readonly #steps: LadderStep[] = [];
  readonly #carriedOut: CarriedOut[] = [];
  readonly #lines: LogLine[] = [];
  readonly #complaints: string[] = [];
  readonly #counted = { events: 0, claims: 0, resends: 0, users: 0 };

  /** `name` of the generator, for the report. */
  constructor(scenario: Scenario, name: string) {
    this.#scenario = scenario;
    this.#name = name;
  }

  /** Whether a step of the ladder was not good; the others are left out then. */
  isBroken(ladder: string | null): boolean {
    return this.#steps.some((step) => step.ladder === ladder && !step.isGood);
  }

  /** Adds a segment's run; returns how its step went, if it was one. Throws when k6 did not say when it started. */
  add(segment: Segment, { summary, log }: K6Output): LadderStep | null {
    const started = log.lines.find((line) => line.is === "started");
    if (started === undefined) {
      throw new Error(`k6 did not say when it started. ${log.complaints.join("\n")}`);
    }
    this.#startedAtMs ??= started.atMs;
    this.#lines.push(...log.lines);
    this.#complaints.push(...log.complaints);
    this.#counted.events += summary.count(COUNTERS.events);
    this.#counted.claims += summary.count(COUNTERS.claims);
    this.#counted.resends += summary.count(COUNTERS.resends);
    this.#counted.users = Math.max(this.#counted.users, summary.highest("vus_max"));
    for (const stream of segment.streams) {
      const iterations = summary.count(tagged(COUNTERS.iterations, "scenario", stream.name));
      this.#carriedOut.push({ stream, iterations });
    }
    const failures = failuresOf(segment, log.lines, summary);
    this.#failures.push(...failures);
    const results = this.#addPhases(segment, summary, failures, started.atMs);
    return this.#judge(segment, results);
  }

  /** Everything so far. Throws when the numbers of the arrivals do not give what the virtual users have counted. */
  result(): GeneratorResult {
    const tally = tallyOf(this.#carriedOut, this.#lines, this.#scenario.players).data();
    const events = tally.acknowledged.reduce((sum, count) => sum + count, 0);
    const { events: counted, claims, resends, users } = this.#counted;
    if (events !== counted || tally.claimed.length !== claims) {
      throw new Error(
        `k6's virtual users counted ${counted} acknowledged events and ${claims} claims, but its iterations stand for ${events} and ${tally.claimed.length}: the run cannot be verified. ${this.#complaints.slice(0, 5).join("\n")}`,
      );
    }
    return {
      name: this.#name,
      startedAtMs: this.#startedAtMs ?? Date.now(),
      phases: this.#phases,
      endpoints: this.#results.flatMap(({ endpoints }) => endpoints),
      windows: this.#results.flatMap(({ windows }) => windows),
      windowSeconds: Math.max(
        ...this.#scenario.phases.map(({ seconds }) => windowSeconds(seconds)),
      ),
      perSecond: perSecondOf(this.#results.flatMap(({ stretches }) => stretches)),
      problems: [...this.#failures, ...saidByK6(this.#complaints)],
      steps: this.#steps,
      tally,
      lateness: null,
      connectionsMax: users,
      skipped: [],
      resent: resends,
    };
  }

  #addPhases(segment: Segment, summary: K6Summary, failures: Failure[], startedAtMs: number) {
    let startsAtMs = startedAtMs;
    const endpoints = endpointsOf(this.#scenario);
    return segment.phases.map((numbered) => {
      const { name, seconds } = numbered.phase;
      const atSeconds = Math.round((startsAtMs - (this.#startedAtMs ?? startsAtMs)) / 1000);
      const result = phaseResult(numbered, endpoints, summary, failures, atSeconds);
      this.#results.push(result);
      const endsAtMs = startsAtMs + seconds * 1000;
      this.#phases.push({ name, startsAtMs, endsAtMs });
      startsAtMs = endsAtMs;
      return result;
    });
  }

  #judge({ ladder, phases: [first] }: Segment, [result]: PhaseResult[]): LadderStep | null {
    if (ladder === null || first === undefined || result === undefined) return null;
    const latency = new Histogram();
    for (const endpoint of result.endpoints) latency.merge(endpoint.latency);
    const failures = result.endpoints.reduce((sum, each) => sum + each.failures, 0);
    const step = judgeStep(first.phase, ladder, { latency, failures });
    this.#steps.push(step);
    return step;
  }
}

function saidByK6(complaints: readonly string[]): GeneratorResult["problems"] {
  return [...Map.groupBy(complaints, (complaint) => complaint)].map(([problem, same]) => ({
    endpoint: "k6 itself",
    problem,
    count: same.length,
  }));
}

import { expect, test } from "vitest";

import { optionsOf } from "../k6/options.ts";
import { segmentsOf } from "../k6/streams.ts";
import { SCENARIOS, type ScenarioName } from "../scenarios/scenarios.ts";

const LENGTHS = { scale: 1, isFull: false };

function segments(name: ScenarioName) {
  return segmentsOf(SCENARIOS[name](LENGTHS));
}

test("combined is one run of k6, whose second phase starts when the first ends, at the published rates", () => {
  const scenario = SCENARIOS.combined(LENGTHS);
  const [segment, ...more] = segmentsOf(scenario);
  expect(more).toEqual([]);
  const { scenarios } = optionsOf(scenario, segment ?? { ladder: null, phases: [], streams: [] });
  expect(scenarios?.["phase0-initialize-next"]).toMatchObject({
    executor: "constant-arrival-rate",
    rate: 6_000,
    timeUnit: "10s",
    startTime: "0s",
    duration: "60s",
  });
  expect(scenarios?.["phase1-events"]).toMatchObject({
    rate: 5_000,
    startTime: "60s",
    duration: "300s",
  });
});

test("latencies are told apart by endpoint and window, arrivals by stream, and targets by endpoint", () => {
  const scenario = SCENARIOS["init-burst"](LENGTHS);
  const [segment] = segmentsOf(scenario);
  if (segment === undefined) throw new Error("no segment");
  const { thresholds } = optionsOf(scenario, segment);
  expect(thresholds).toMatchObject({
    "http_req_duration{endpoint:initialise_new_player}": ["p(95)<=50"],
    "latency_initialise_new_player{window:0.11}": ["max>=0"],
    "iterations{scenario:phase0-initialize-next}": ["count>=0"],
    "dropped_iterations{scenario:phase0-initialize-next}": ["count>=0"],
  });
});

test("every step of a ladder is a run of its own, behind the one that prepares the players", () => {
  const [prepared, first, second] = segments("knee");
  expect(prepared?.phases.map(({ phase }) => phase.name)).toEqual(["initialise"]);
  expect(first?.phases.map(({ phase }) => phase.name)).toEqual(["single events ×1"]);
  expect(second?.ladder).toBe("single events");
  expect(segments("knee").filter(({ streams }) => streams.length === 0)).toHaveLength(1);
});

test("no two streams of a scenario give out the same number of an action", () => {
  for (const name of ["knee", "events", "soak"] as const) {
    const next = new Map<string, number>();
    for (const { stream, firstNumber, seconds } of segments(name).flatMap((each) => each.streams)) {
      expect(firstNumber).toBeGreaterThanOrEqual(next.get(stream.action) ?? 0);
      const arrivals = Math.ceil(stream.perSecond * seconds);
      next.set(stream.action, firstNumber + arrivals * (stream.batch ?? 1));
    }
  }
});

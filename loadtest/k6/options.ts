import type { ConstantArrivalRateScenario, Options } from "k6/options";

import { LATENCY_ROWS, SUCCESS } from "../report/comparison.ts";
import type { Scenario, Stream } from "../scenarios/scenario.ts";
import {
  COUNTERS,
  endpointsOf,
  latencyMetric,
  PERCENTILES,
  percentileName,
  slugOf,
  tagged,
  windowCount,
  windowTag,
} from "./names.ts";
import type { NumberedStream, Segment } from "./streams.ts";

/** Virtual users that are there from the start: enough for answers of 200 ms. */
const SECONDS_PREPARED = 0.2;
/** And at most, for answers of 2 s; an arrival that finds nobody free is not sent, and counts as a failure. */
const SECONDS_MAX = 2;
const VIRTUAL_USERS_MIN = 4;
/** A virtual user is a JavaScript runtime of some megabytes. */
const VIRTUAL_USERS_MAX = 1_500;
/** A session thinks for up to 1.5 s before each of its ten requests. */
const SESSION_SECONDS = 12;
/** All resends of one request fit into it, so that no arrival is cut off. */
const GRACEFUL_STOP = "150s";

/** k6's options for one segment of a scenario: arrival rates, and thresholds by endpoint, by window and by stream. */
export function optionsOf(scenario: Scenario, segment: Segment): Options {
  return {
    scenarios: Object.fromEntries(segment.streams.map((each) => [each.name, arrivals(each)])),
    thresholds: { ...targets(), ...windows(scenario, segment), ...counts(segment) },
    discardResponseBodies: true,
    summaryTrendStats: ["count", "avg", "max", ...PERCENTILES.map(percentileName)],
    // Every tag multiplies the time series that k6 keeps; a path holds a goal's id.
    systemTags: ["scenario"],
    userAgent: "gauntlet-loadtest",
  };
}

function arrivals({
  stream,
  startsAtSeconds,
  seconds,
}: NumberedStream): ConstantArrivalRateScenario {
  const users = (of: number) =>
    Math.min(VIRTUAL_USERS_MAX, Math.max(VIRTUAL_USERS_MIN, Math.ceil(stream.perSecond * of)));
  return {
    executor: "constant-arrival-rate",
    // k6 takes whole numbers.
    rate: Math.round(stream.perSecond * 10),
    timeUnit: "10s",
    startTime: `${startsAtSeconds}s`,
    duration: `${seconds}s`,
    gracefulStop: GRACEFUL_STOP,
    preAllocatedVUs: users(secondsOf(stream, SECONDS_PREPARED)),
    maxVUs: users(secondsOf(stream, SECONDS_MAX)),
  };
}

function secondsOf({ action }: Stream, requestSeconds: number): number {
  return action === "session" ? SESSION_SECONDS + requestSeconds : requestSeconds;
}

/** The published targets, by endpoint, for whoever runs the script by hand; the report judges by itself. */
function targets(): Record<string, string[]> {
  const latencies = LATENCY_ROWS.flatMap(({ endpoint, publishedMs }) =>
    publishedMs === null
      ? []
      : [
          [
            tagged("http_req_duration", "endpoint", slugOf(endpoint)),
            [`p(95)<=${publishedMs}`],
          ] as const,
        ],
  );
  return {
    ...Object.fromEntries(latencies),
    http_req_failed: [`rate<=${(1 - SUCCESS.published).toFixed(4)}`],
  };
}

/** k6 keeps a sub-metric only where a threshold names it; these hold always. */
function windows(scenario: Scenario, { phases }: Segment): Record<string, string[]> {
  const tags = phases.flatMap(({ index, phase }) =>
    Array.from({ length: windowCount(phase.seconds) }, (_, window) => windowTag(index, window)),
  );
  const latencies = endpointsOf(scenario).flatMap((endpoint) =>
    tags.map((tag) => [tagged(latencyMetric(endpoint), "window", tag), ["max>=0"]] as const),
  );
  const events = tags.map((tag) => [tagged(COUNTERS.events, "window", tag), ["count>=0"]] as const);
  return Object.fromEntries<string[]>(
    [...latencies, ...events].map(([name, of]) => [name, [...of]]),
  );
}

function counts({ streams }: Segment): Record<string, string[]> {
  return Object.fromEntries(
    streams.flatMap(({ name }) =>
      [COUNTERS.iterations, COUNTERS.dropped].map((counter) => [
        tagged(counter, "scenario", name),
        ["count>=0"],
      ]),
    ),
  );
}

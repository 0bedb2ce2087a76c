import { eventStream, publishedMix, requestMix } from "./mix.ts";
import { PLAYERS, type Lengths, type Phase, type Scenario } from "./scenario.ts";

/** 600 initialise requests per second, at once, for a minute: the published first phase. */
const BURST_PER_SECOND = 600;
const BURST_SECONDS = 60;

/** Where initialise is not what is measured, at a rate that leaves no backlog. */
const PREPARED_PER_SECOND = 250;

/** Builds a scenario by its name; the lengths apply to all of its phases. */
export const SCENARIOS = {
  "init-burst": (lengths) =>
    scenario("init-burst", [burst(lengths)], {
      players: BURST_PER_SECOND * burst(lengths).seconds,
    }),
  combined: (lengths) => scenario("combined", combined(lengths)),
  events: (lengths) =>
    scenario("events", [
      phase("single", 60, lengths, [eventStream(3_000)]),
      phase("batches of 100", 60, lengths, [eventStream(50_000, 100)]),
      phase("batches of 500", 60, lengths, [eventStream(100_000, 500)]),
    ]),
  ingest: (lengths) =>
    scenario("ingest", [
      prepared(),
      phase("requests and ingest", 60, lengths, [...requestMix(1_500), eventStream(20_000, 100)]),
    ]),
  reads: (lengths) =>
    scenario("reads", [
      prepared(),
      phase("full", 30, lengths, [{ action: "challenges", perSecond: 300 }]),
      phase("active only", 30, lengths, [{ action: "challenges-active", perSecond: 300 }]),
      phase("not modified", 30, lengths, [{ action: "challenges-conditional", perSecond: 300 }]),
    ]),
  claims: (lengths) =>
    scenario("claims", [
      phase("claims", 90, lengths, [{ action: "claim", perSecond: 150 }, eventStream(1_000)]),
    ]),
  sessions: (lengths) =>
    scenario("sessions", [phase("sessions", 120, lengths, [{ action: "session", perSecond: 50 }])]),
  knee: (lengths) => scenario("knee", knee(lengths)),
  soak: (lengths) =>
    scenario("soak", [burst(lengths), phase("mix", 3_600, lengths, publishedMix(1))]),
  dirty: (lengths) =>
    scenario("dirty", [burst(lengths), phase("mix", 120, lengths, publishedMix(1))], {
      preloadedRows: 1_000_000,
    }),
} as const satisfies Record<string, (lengths: Lengths) => Scenario>;

/** The name of a scenario. */
export type ScenarioName = keyof typeof SCENARIOS;

function scenario(
  name: string,
  phases: readonly Phase[],
  differing: Partial<Scenario> = {},
): Scenario {
  return { name, phases, players: PLAYERS, preloadedRows: 0, ...differing };
}

function phase(
  name: string,
  seconds: number,
  { scale }: Lengths,
  streams: Phase["streams"],
): Phase {
  return { name, seconds: Math.max(1, Math.round(seconds * scale)), streams };
}

function burst(lengths: Lengths): Phase {
  const streams = [{ action: "initialize-next", perSecond: BURST_PER_SECOND }] as const;
  return phase("initialise", BURST_SECONDS, lengths, streams);
}

/** Every player is there before the measured phases begin; not shortened, since reads of new players would be others. */
function prepared(): Phase {
  const streams = [{ action: "initialize-next", perSecond: PREPARED_PER_SECOND }] as const;
  return {
    name: "initialise",
    seconds: PLAYERS / PREPARED_PER_SECOND,
    streams,
    isAwaited: true,
  };
}

function combined(lengths: Lengths): Phase[] {
  const mixSeconds = (lengths.isFull ? 30 : 5) * 60;
  return [burst(lengths), phase("mix", mixSeconds, lengths, publishedMix(1))];
}

/** Factors of the published mix that the ladder tries, half a step apart where the knee is looked for. */
const LADDER = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16];
const STEP_SECONDS = 20;
/** Between the ladders: what the first one left in the journals is flushed. */
const REST_SECONDS = 10;

function knee(lengths: Lengths): Phase[] {
  const ladder = (name: string, batch: number): Phase[] =>
    LADDER.map((factor) => ({
      ...phase(`${name} ×${factor}`, STEP_SECONDS, lengths, publishedMix(factor, batch)),
      ladder: name,
    }));
  return [
    prepared(),
    ...ladder("single events", 1),
    phase("rest", REST_SECONDS, lengths, []),
    ...ladder("batches of 20", 20),
  ];
}

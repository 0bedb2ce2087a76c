import type { Phase, Scenario, Stream } from "../scenarios/scenario.ts";

/** One stream of one phase, as a k6 scenario of its own. */
export interface NumberedStream {
  /** The k6 scenario's name: k6 takes letters, digits, dashes and underscores. */
  readonly name: string;
  readonly stream: Stream;
  readonly phaseIndex: number;
  /** Seconds from the start of its segment to that of its phase. */
  readonly startsAtSeconds: number;
  readonly seconds: number;
  /**
   * Number of its first arrival among all arrivals of its action; events are counted one by one.
   *
   * Virtual users share nothing, so who does what follows from this number and k6's count of iterations alone.
   */
  readonly firstNumber: number;
}

/** Phases that one run of k6 carries: it ends when every arrival is answered. */
export interface Segment {
  readonly ladder: string | null;
  readonly phases: readonly { readonly index: number; readonly phase: Phase }[];
  readonly streams: readonly NumberedStream[];
}

/** k6 may start an arrival at either edge of a phase; numbers are given out for so many more. */
const SPARE_ARRIVALS = 2;

/** Cuts a scenario where it waits for all answers: behind awaited phases, and around each step of a ladder. */
export function segmentsOf({ phases }: Scenario): Segment[] {
  const cuts: Phase[][] = [[]];
  for (const phase of phases) {
    if (isAlone(phase) && cuts.at(-1)?.length !== 0) cuts.push([]);
    cuts.at(-1)?.push(phase);
    if (isAlone(phase) || phase.isAwaited === true) cuts.push([]);
  }
  const given = new Map<string, number>();
  let index = 0;
  return cuts
    .filter((cut) => cut.length > 0)
    .map((cut) => {
      const numbered = cut.map((phase) => ({ index: index++, phase }));
      const ladder = cut[0]?.ladder ?? null;
      return { ladder, phases: numbered, streams: streamsOf(numbered, given) };
    });
}

/** Steps of a ladder, and pauses, of which k6 knows nothing. */
function isAlone(phase: Phase): boolean {
  return phase.ladder !== undefined || phase.streams.length === 0;
}

function streamsOf(phases: Segment["phases"], given: Map<string, number>): NumberedStream[] {
  let startsAtSeconds = 0;
  return phases.flatMap(({ index, phase }) => {
    const streams = phase.streams.map((stream) => {
      const firstNumber = given.get(stream.action) ?? 0;
      const arrivals = Math.ceil(stream.perSecond * phase.seconds) + SPARE_ARRIVALS;
      given.set(stream.action, firstNumber + arrivals * (stream.batch ?? 1));
      const name = `phase${index}-${stream.action}`;
      const { seconds } = phase;
      return { name, stream, phaseIndex: index, startsAtSeconds, seconds, firstNumber };
    });
    startsAtSeconds += phase.seconds;
    return streams;
  });
}

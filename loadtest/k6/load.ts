import type { Options } from "k6/options";

import type { Lengths, Scenario } from "../scenarios/scenario.ts";
import { arrive } from "./arrive.ts";
import { endpointsOf } from "./names.ts";
import { optionsOf } from "./options.ts";
import { lengths, segmentIndex, summaryFile } from "./settings.ts";
import { segmentsOf } from "./streams.ts";
import { thisArrival, VirtualUser, writeLine } from "./virtual-user.ts";

/** What k6 wants a script to export. */
export interface Load {
  readonly options: Options;
  /** Says when the first arrival is due; asks the server nothing, so that it is cold. */
  readonly setup: () => void;
  readonly arrive: () => void;
  readonly handleSummary: (data: unknown) => Record<string, string>;
}

/** A scenario, or the segment of it that SEGMENT names, for k6. */
export function loadOf(make: (lengths: Lengths) => Scenario): Load {
  const scenario = make(lengths);
  const segment = segmentsOf(scenario)[segmentIndex];
  if (segment === undefined) throw new Error(`SEGMENT is ${segmentIndex}: there is no such one.`);
  const streams = new Map(segment.streams.map((each) => [each.name, each]));
  const user = new VirtualUser(endpointsOf(scenario));
  return {
    options: optionsOf(scenario, segment),
    setup: () => writeLine({ is: "started", atMs: Date.now() }),
    arrive: () => arrive(user, thisArrival(streams)),
    handleSummary: (data) => ({ [summaryFile]: JSON.stringify(data) }),
  };
}

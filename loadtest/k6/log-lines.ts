/**
 * What a virtual user writes to the log, a line of JSON each: the exceptions from what the numbers of the arrivals say.
 *
 * Everything else is acknowledged and needs no line, so that a good run writes next to nothing.
 */
export type LogLine =
  /** The first arrival is due now, in Unix milliseconds. */
  | { readonly is: "started"; readonly atMs: number }
  | {
      readonly is: "problem";
      readonly phaseIndex: number;
      readonly endpoint: string;
      readonly problem: string;
    }
  /** Events that were sent and never acknowledged. */
  | { readonly is: "unacknowledged"; readonly ids: readonly string[] }
  /** Not claimed; `open`: it may be paid yet. */
  | {
      readonly is: "unclaimed";
      readonly player: number;
      readonly stat: number;
      readonly isOpen: boolean;
    }
  /** A goal that may be switched on or off. */
  | { readonly is: "unswitched"; readonly player: number; readonly goal: number };

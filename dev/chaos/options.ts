import { parseArgs } from "node:util";

import { WEAKENINGS } from "../faults/fault-plan.ts";
import { StackProblem } from "../stack-problem.ts";

/** A guard that is taken away: from the flush statement, or from the reward service. */
export const CHAOS_CONTROLS = [...WEAKENINGS, "no-idempotency-key"] as const;
export type ChaosControl = (typeof CHAOS_CONTROLS)[number];

/** What `npm run chaos -- …` is to do. */
export interface ChaosOptions {
  /** How long load and faults last. */
  readonly seconds: number;
  /** Of faults, load and blows; the machine's timing is not seeded. */
  readonly seed: number;
  /** A guard that is taken away: the run has to end with losses or doubles then, and with exit code 1. */
  readonly control: ChaosControl | null;
}

const SECONDS_MIN = 5;
const SECONDS_MAX = 3_600;
const USAGE = `npm run chaos [-- [--seconds <n>] [--seed <n>] [--control ${CHAOS_CONTROLS.join("|")}]]`;

/** Reads the options; without a seed `drawSeed` gives one. Throws StackProblem. */
export function parseChaosOptions(
  options: readonly string[],
  drawSeed: () => number,
): ChaosOptions {
  try {
    const { values } = parseArgs({
      args: [...options],
      options: {
        seconds: { type: "string", default: "60" },
        seed: { type: "string" },
        control: { type: "string" },
      },
    });
    const seconds = wholeNumber("--seconds", values.seconds, SECONDS_MIN, SECONDS_MAX);
    const seed =
      values.seed === undefined
        ? drawSeed()
        : wholeNumber("--seed", values.seed, 0, Number.MAX_SAFE_INTEGER);
    return { seconds, seed, control: controlOf(values.control) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StackProblem(`${reason}\nUsage: ${USAGE}`, { cause: error });
  }
}

function wholeNumber(name: string, text: string, minimum: number, maximum: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= minimum && value <= maximum) return value;
  throw new Error(`${name} is "${text}"; it has to be a number from ${minimum} to ${maximum}.`);
}

function controlOf(text: string | undefined): ChaosControl | null {
  if (text === undefined) return null;
  const found = CHAOS_CONTROLS.find((name) => name === text);
  if (found === undefined) throw new Error(`There is no control "${text}".`);
  return found;
}

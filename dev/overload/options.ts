import { parseArgs } from "node:util";

import { StackProblem } from "../stack-problem.ts";

const SECONDS_MIN = 5;
const SECONDS_MAX = 3_600;
const USAGE = "npm run overload [-- [--seconds <n>]]";

/** Reads for how many seconds Postgres is to be away. Throws StackProblem. */
export function parseOverloadOptions(options: readonly string[]): { readonly seconds: number } {
  try {
    const { values } = parseArgs({
      args: [...options],
      options: { seconds: { type: "string", default: "180" } },
    });
    const seconds = Number(values.seconds);
    if (Number.isInteger(seconds) && seconds >= SECONDS_MIN && seconds <= SECONDS_MAX) {
      return { seconds };
    }
    throw new Error(
      `--seconds is "${values.seconds}"; it has to be a number from ${SECONDS_MIN} to ${SECONDS_MAX}.`,
    );
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StackProblem(`${reason}\nUsage: ${USAGE}`, { cause: error });
  }
}

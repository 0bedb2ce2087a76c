import { StackProblem } from "./stack-problem.ts";

/** Runs a small command: its lines go to standard output, a problem to standard error with exit code 1. */
export async function runCommand(command: () => string[] | Promise<string[]>): Promise<void> {
  try {
    for (const line of await command()) console.log(line);
  } catch (error) {
    console.error(error instanceof StackProblem ? error.message : error);
    process.exitCode = 1;
  }
}

import { StackProblem } from "./stack-problem.ts";

/** Something that runs until it fails or is stopped. */
export interface Stoppable {
  /** Settles with a sentence when it has failed. */
  readonly failed: Promise<string>;
  stop(): Promise<void>;
}

const STOP_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Runs a program's main part and ends the process: 0 after Ctrl-C, 1 after a failure, with everything stopped either way.
 *
 * A signal during the start aborts it. Messages for the developer are printed plainly, anything else with its stack.
 */
export async function runUntilStopped(
  start: (signal: AbortSignal) => Promise<Stoppable>,
): Promise<never> {
  const interrupt = new AbortController();
  const interrupted = new Promise<null>((resolve) => {
    interrupt.signal.addEventListener("abort", () => resolve(null));
  });
  for (const signal of STOP_SIGNALS) process.on(signal, () => interrupt.abort());
  try {
    const running = await start(interrupt.signal);
    const failure = await Promise.race([interrupted, running.failed]);
    console.log(failure === null ? "\nStopping …" : `\n${failure} Stopping the rest …`);
    await running.stop();
    process.exit(failure === null ? 0 : 1);
  } catch (error) {
    if (interrupt.signal.aborted) {
      console.log("Stopped before everything was up.");
      process.exit(0);
    }
    console.error(error instanceof StackProblem ? `\n${error.message}` : error);
    process.exit(1);
  }
}

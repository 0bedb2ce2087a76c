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
  const { signal, interrupted, crashed } = listen();
  try {
    const running = await start(signal);
    const failure = await Promise.race([interrupted, crashed, running.failed]);
    console.log(failure === null ? "\nStopping …" : `\n${failure} Stopping the rest …`);
    await running.stop();
    process.exit(failure === null ? 0 : 1);
  } catch (error) {
    if (signal.aborted) {
      console.log("Stopped before everything was up.");
      process.exit(signal.reason === "crash" ? 1 : 0);
    }
    console.error(error instanceof StackProblem ? `\n${error.message}` : error);
    process.exit(1);
  }
}

interface Events {
  /** Aborted by a stop signal or by a crash. */
  readonly signal: AbortSignal;
  readonly interrupted: Promise<null>;
  readonly crashed: Promise<string>;
}

function listen(): Events {
  const interrupt = new AbortController();
  const interrupted = new Promise<null>((resolve) => {
    for (const name of STOP_SIGNALS) {
      process.on(name, () => {
        interrupt.abort(name);
        resolve(null);
      });
    }
  });
  // Node would end here and leave Postgres and the Worker behind.
  const crashed = new Promise<string>((resolve) => {
    process.on("uncaughtException", (error) => {
      console.error(error);
      interrupt.abort("crash");
      resolve("The stack's own process has met an unexpected error.");
    });
  });
  // A reader that has gone (a closed terminal, `| head`) is no reason to end.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  return { signal: interrupt.signal, interrupted, crashed };
}

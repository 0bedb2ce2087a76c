import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import { LOOPBACK } from "./ports.ts";
import {
  descendantsOf,
  findProcess,
  isStillRunning,
  sendSignal,
  stopProcess,
  type RunningProcess,
} from "./processes.ts";
import { spawnWrangler } from "./spawn-wrangler.ts";
import { StackProblem } from "./stack-problem.ts";
import type { StatePaths } from "./state-paths.ts";
import { readOutput } from "./worker-output.ts";
import { becomesReady } from "./worker-ready.ts";
import { watchRuntime } from "./worker-watch.ts";

export interface WorkerOptions {
  readonly paths: StatePaths;
  readonly port: number;
  /** Secrets and vars; handed over in the environment, where `ps` does not show them. */
  readonly vars: Readonly<Record<string, string>>;
  /** Null: the Worker as it is deployed. */
  readonly clockOffsetMs: number | null;
  /** The folder of wrangler.toml. */
  readonly projectFolder: string;
  /** Starts the runtime in a process group of its own, output piped; absent: `wrangler dev`. */
  readonly spawn?: ((worker: WorkerOptions) => ChildProcess) | undefined;
  /** Gives up waiting for the Worker. */
  readonly signal: AbortSignal | undefined;
  /** What the Worker writes, line by line, once it is up. */
  readonly onOutput: (line: string) => void;
  /** Told the processes whenever they change. */
  readonly onProcesses: (processes: readonly RunningProcess[]) => void;
}

/** The Worker in `wrangler dev`, answering. */
export interface WorkerProcess {
  readonly url: string;
  readonly wranglerPid: number;
  /** Settles with a sentence when wrangler or a workerd has ended by itself. */
  readonly failed: Promise<string>;
  stop(): Promise<void>;
}

const GONE_POLL_INTERVAL_MS = 20;
/** wrangler ends its children itself when asked; after this the whole group is killed. */
const STOP_STEPS = [{ signal: "SIGTERM", waitMs: 4_000 }] as const;
const LOG_TAIL_LINES = 25;

/**
 * Starts `wrangler dev` and waits until the Worker answers /healthz.
 *
 * wrangler gets a process group of its own: Ctrl-C reaches only the stack, which stops it in order, and nothing that it
 * has started can outlive it. Throws StackProblem with the end of its log when the Worker does not come up.
 */
export async function startWorker(options: WorkerOptions): Promise<WorkerProcess> {
  const child = (options.spawn ?? spawnWrangler)(options);
  // A program that cannot even be started has no pid; the event must be heard all the same.
  child.once("error", () => {});
  const output = readOutput(child, options.paths.workerLog);
  const wrangler = findProcess(child.pid ?? 0);
  if (wrangler !== null) options.onProcesses([wrangler]);
  const url = `http://${LOOPBACK}:${options.port}`;
  if (wrangler === null || !(await becomesReady(child, output, url, options.signal))) {
    await stopGroup(child, wrangler);
    options.signal?.throwIfAborted();
    throw notReady(options);
  }
  output.listen(options.onOutput);
  const watch = watchRuntime(child, wrangler, output, options.onProcesses);
  return {
    url,
    wranglerPid: wrangler.pid,
    failed: watch.failed,
    stop: async () => {
      watch.stop();
      await stopGroup(child, wrangler);
    },
  };
}

async function stopGroup(child: ChildProcess, wrangler: RunningProcess | null): Promise<void> {
  if (wrangler === null) return;
  const family = descendantsOf(wrangler.pid);
  if (child.exitCode === null && child.signalCode === null) {
    await stopProcess(wrangler, STOP_STEPS);
  }
  // The group exists as long as one of its members does, so its number cannot have become somebody else's.
  if (family.some(isStillRunning) || isStillRunning(wrangler)) sendSignal(-wrangler.pid, "SIGKILL");
  while (family.some(isStillRunning)) await sleep(GONE_POLL_INTERVAL_MS);
}

function notReady({ paths, port }: WorkerOptions): StackProblem {
  const tail = readFileSync(paths.workerLog, "utf8").trimEnd().split("\n").slice(-LOG_TAIL_LINES);
  return new StackProblem(
    `The Worker did not answer at http://${LOOPBACK}:${port}/healthz. ${paths.workerLog} ends with:\n${tail.join("\n")}`,
  );
}

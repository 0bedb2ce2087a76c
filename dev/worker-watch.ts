import type { ChildProcess } from "node:child_process";

import { descendantsOf, isStillRunning, type RunningProcess } from "./processes.ts";
import type { Output } from "./worker-output.ts";

/** How soon the death of a workerd is noticed; a look costs two small files per process. */
const WATCH_INTERVAL_MS = 250;
/** wrangler's announcement of a reload may reach us a little after the old workerd has gone. */
const ANNOUNCEMENT_DELAY_MS = 500;

export interface RuntimeWatch {
  /** Settles with a sentence that says what ended. */
  readonly failed: Promise<string>;
  stop(): void;
}

/**
 * Watches the workerd processes of a `wrangler dev`.
 *
 * wrangler restarts a workerd that died, quietly. Here that would hide a crash and everything that was in memory then, so
 * it counts as a failure. A reload after an edited file replaces a workerd too; wrangler announces it first.
 */
export function watchRuntime(
  child: ChildProcess,
  wrangler: RunningProcess,
  output: Output,
  onProcesses: (processes: readonly RunningProcess[]) => void,
): RuntimeWatch {
  let report: (reason: string) => void = () => {};
  const failed = new Promise<string>((resolve) => {
    report = resolve;
  });
  let known: readonly RunningProcess[] = [];
  let reloading = false;
  let missingSince: number | null = null;

  const lookAround = () => {
    const family = descendantsOf(wrangler.pid);
    known = family.filter(isWorkerd);
    onProcesses([wrangler, ...family]);
  };
  output.listen((line) => {
    if (line.includes("Reloading local server")) reloading = true;
    if (line.includes("Local server updated and ready")) {
      reloading = false;
      missingSince = null;
      lookAround();
    }
    if (line.includes("runtime crashed unexpectedly")) report("A workerd process has died.");
  });
  child.once("exit", (code, signal) => report(`wrangler dev has ended (${signal ?? code}).`));
  lookAround();

  const timer = setInterval(() => {
    const lost = known.find((workerd) => !isStillRunning(workerd));
    if (lost === undefined || reloading) return;
    missingSince ??= Date.now();
    if (Date.now() - missingSince < ANNOUNCEMENT_DELAY_MS) return;
    report(`A workerd process (${lost.pid}) has died.`);
  }, WATCH_INTERVAL_MS);
  return { failed, stop: () => clearInterval(timer) };
}

function isWorkerd(candidate: RunningProcess): boolean {
  return /workerd(\.exe)? serve /.test(candidate.command);
}

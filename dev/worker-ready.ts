import type { ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

import type { Output } from "./worker-output.ts";

/** A cold start bundles and starts two workerd processes in about 1.5 s; a busy laptop may need many times that. */
const READY_TIMEOUT_MS = 60_000;
const READY_POLL_INTERVAL_MS = 50;
/** After an error is reported, for the rest of the report and for errors that pass. */
const ERROR_GRACE_MS = 3_000;
/** Of one probe. A runtime that accepts but never answers must not hang the start. */
const PROBE_TIMEOUT_MS = 2_000;

/** Waits until the Worker answers /healthz; false when it ends, reports an error, takes too long or is aborted. */
export async function becomesReady(
  child: ChildProcess,
  output: Output,
  url: string,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  let giveUpAt = Date.now() + READY_TIMEOUT_MS;
  output.listen((line) => {
    // A build that failed waits for an edited file; there is no point in waiting with it.
    if (line.includes("[ERROR]")) giveUpAt = Math.min(giveUpAt, Date.now() + ERROR_GRACE_MS);
  });
  while (child.exitCode === null && child.signalCode === null && Date.now() < giveUpAt) {
    if (signal?.aborted) return false;
    if (await answers(`${url}/healthz`)) return true;
    await sleep(READY_POLL_INTERVAL_MS);
  }
  return false;
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

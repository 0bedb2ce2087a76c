import { setTimeout as sleep } from "node:timers/promises";

/** Waits. Throws the reason of `interrupt` once that is aborted. */
export async function pause(milliseconds: number, interrupt: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal: interrupt }).catch(() => undefined);
  interrupt.throwIfAborted();
}

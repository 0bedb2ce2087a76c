import type { ShardPorts } from "./ports.ts";

/** Waits for a promise, but not longer than this: true when it resolved, false when the time was up. Rejects as it does. */
export async function within(
  { after }: Pick<ShardPorts, "after">,
  milliseconds: number,
  promise: Promise<unknown>,
): Promise<boolean> {
  const { promise: timeout, resolve } = Promise.withResolvers<false>();
  const cancel = after(milliseconds, () => resolve(false));
  try {
    return await Promise.race([promise.then(() => true), timeout]);
  } finally {
    cancel();
  }
}

import { closeSync, fsyncSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";

const TRIES = 100;
const BLOCK_BYTES = 4_096;

/** How long one fsync of 4 KiB takes in a folder, sorted; what a durable answer has to wait for at least. */
export function measureFsync(folder: string): readonly number[] {
  const file = join(folder, "fsync-probe");
  const descriptor = openSync(file, "w");
  const block = Buffer.alloc(BLOCK_BYTES);
  try {
    const durations = Array.from({ length: TRIES }, () => {
      writeSync(descriptor, block);
      const startedAt = performance.now();
      fsyncSync(descriptor);
      return performance.now() - startedAt;
    });
    return durations.toSorted((a, b) => a - b);
  } finally {
    closeSync(descriptor);
    rmSync(file);
  }
}

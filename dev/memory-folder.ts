import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";

/** A file system in memory, on Linux. */
const MEMORY = "/dev/shm";

/**
 * Lets `folder` lie in memory, as long as this process runs, where the system has a file system for that; else it is an
 * ordinary folder. For what a deployment keeps in another machine's care: a measured process must not wait for its disk.
 */
export function keepInMemory(folder: string): void {
  if (existsSync(folder)) return;
  mkdirSync(dirname(folder), { recursive: true });
  if (!existsSync(MEMORY)) return;
  const memory = mkdtempSync(join(MEMORY, "gauntlet-"));
  symlinkSync(memory, folder);
  process.once("exit", () => rmSync(memory, { recursive: true, force: true }));
}

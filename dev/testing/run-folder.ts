import { chmodSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * An empty folder for the state of one run, whose name begins with `prefix`; the caller removes it.
 *
 * Where root has to run Postgres as somebody else, that user gets through to the folders in it.
 */
export function makeRunFolder(prefix: string): string {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  chmodSync(folder, 0o711);
  return folder;
}

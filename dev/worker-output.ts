import type { ChildProcess } from "node:child_process";
import { createWriteStream, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";

/** Output of a process, line by line. */
export interface Output {
  listen(listener: (line: string) => void): void;
}

/** Reads what a process writes into its log file, which is started anew, and to the listeners. */
export function readOutput(child: ChildProcess, logFile: string): Output {
  writeFileSync(logFile, "", { mode: 0o600 });
  const log = createWriteStream(logFile, { flags: "a" });
  const listeners: ((line: string) => void)[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on("line", (line) => {
      log.write(`${line}\n`);
      for (const listener of listeners) listener(line);
    });
  }
  child.once("close", () => log.end());
  return { listen: (listener) => listeners.push(listener) };
}

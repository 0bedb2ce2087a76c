import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { findFreePort } from "../ports.ts";
import { descendantsOf, sendSignal } from "../processes.ts";

/** A stack takes a few seconds to come up; a first start makes a Postgres cluster too. */
const START_TIMEOUT_MS = 120_000;
/** The workerd dies this long after the first events were acknowledged; all of them take two seconds on a quick machine. */
const KILL_AFTER_MS = 300;

const FOLDER = fileURLToPath(new URL("..", import.meta.url));

// Kills workerd with -9 in the middle of `npm run demo`, starts the stack again, and ends as the demo ends: with 0 only if
// nothing was lost and nothing counted twice. Uses a stack and a state folder of its own.
const state = mkdtempSync(join(tmpdir(), "gauntlet-kill-"));
const own = { DATABASE_URL: "", GAUNTLET_STATE: state, PORT: String(await findFreePort()) };
const environment = { ...process.env, ...own };
const running: Command[] = [];
try {
  process.exitCode = await killInTheMiddle();
} finally {
  for (const command of running) command.interrupt();
  await Promise.all(running.map((command) => command.exitCode));
  rmSync(state, { recursive: true, force: true });
}

async function killInTheMiddle(): Promise<number> {
  const first = start("main.ts");
  await first.until(/^Ctrl-C/, START_TIMEOUT_MS);
  console.log("The stack is up; the demo starts.");
  const demo = start("demo/main.ts", (line) => console.log(`  ${line}`));
  await demo.until(/^events acknowledged/, START_TIMEOUT_MS);
  await sleep(KILL_AFTER_MS);
  const workerds = descendantsOf(first.pid).filter(({ command }) =>
    command.includes("workerd serve"),
  );
  for (const { pid } of workerds) sendSignal(pid, "SIGKILL");
  const code = await first.exitCode;
  console.log(`Killed workerd (-9); the stack ended with ${code}. Starting it again.`);
  if (code === 0) throw new Error("The stack ended with 0 although its workerd had died.");
  await start("main.ts").until(/^Ctrl-C/, START_TIMEOUT_MS);
  return demo.exitCode;
}

interface Command {
  readonly pid: number;
  readonly exitCode: Promise<number>;
  /** Resolves with the first line that fits. Rejects when the command ends before, or after this long. */
  until(fits: RegExp, milliseconds: number): Promise<void>;
  interrupt(): void;
}

function start(file: string, onLine: (line: string) => void = () => undefined): Command {
  const child = spawn(process.execPath, [join(FOLDER, file)], {
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const listeners = new Set<(line: string) => void>([onLine]);
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      for (const listener of listeners) listener(line);
    });
  }
  const exitCode = once(child, "exit").then(([code]) => (typeof code === "number" ? code : 1));
  const command: Command = {
    pid: child.pid ?? 0,
    exitCode,
    interrupt: () => void child.kill("SIGINT"),
    until: (fits, milliseconds) => {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const timer = setTimeout(() => reject(new Error(`${file} took too long.`)), milliseconds);
      listeners.add((line) => {
        if (fits.test(line)) resolve();
      });
      void exitCode.then((code) => reject(new Error(`${file} ended with ${code}.`)), reject);
      return promise.finally(() => clearTimeout(timer));
    },
  };
  running.push(command);
  return command;
}

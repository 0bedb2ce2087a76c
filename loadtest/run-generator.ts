import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

import type { GeneratorMessage, GeneratorResult, Plan } from "./generator/plan.ts";

const SCRIPT = fileURLToPath(new URL("generator/main.ts", import.meta.url));

/** Runs the generator in a process of its own; told its messages as they come. Rejects when it ends without a result. */
export function runGenerator(
  plan: Plan,
  onMessage: (message: GeneratorMessage) => void,
  signal: AbortSignal,
): Promise<GeneratorResult> {
  const child = fork(SCRIPT);
  const end = () => child.kill("SIGKILL");
  signal.addEventListener("abort", end);
  return new Promise<GeneratorResult>((resolve, reject) => {
    child.on("message", (message: GeneratorMessage) => {
      onMessage(message);
      if (message.type !== "result") return;
      child.disconnect();
      resolve(message.result);
    });
    child.once("error", reject);
    child.once("exit", (code, ended) => {
      const reason: unknown = signal.aborted ? signal.reason : null;
      reject(
        reason instanceof Error ? reason : new Error(`The generator ended (${ended ?? code}).`),
      );
    });
    child.send(plan);
  }).finally(() => signal.removeEventListener("abort", end));
}

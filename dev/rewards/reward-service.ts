import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { findFreePort, LOOPBACK } from "../ports.ts";
import { type LedgerContent, readLedger } from "./credit-ledger.ts";
import { LISTENING, type ReceiverSettings } from "./receiver-settings.ts";

const MAIN = fileURLToPath(new URL("main.ts", import.meta.url));

/** A reward service of one's own that can be killed and started again; its books lie in a file and stay. */
export class RewardService {
  readonly #settings: Omit<ReceiverSettings, "seed">;
  #process: ChildProcess | null = null;

  constructor(settings: Omit<ReceiverSettings, "seed">) {
    this.#settings = settings;
  }

  /** The Worker's vars that let it ask this service. */
  get workerVars(): Readonly<Record<string, string>> {
    const { port, secret } = this.#settings;
    return {
      REWARDS: "webhook",
      WEBHOOK_URL: `http://${LOOPBACK}:${port}/grants`,
      WEBHOOK_SECRETS: secret,
      WEBHOOK_ALLOW_PRIVATE: "true",
    };
  }

  /** What it was sent and has paid so far; also while it is down. */
  get content(): LedgerContent {
    return readLedger(this.#settings.file);
  }

  /** Starts it with the faults of `seed`, or without any. Rejects when it does not come up. */
  async start(seed: number | null): Promise<void> {
    const settings: ReceiverSettings = { ...this.#settings, seed };
    const started = spawn(process.execPath, [MAIN, JSON.stringify(settings)], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.#process = started;
    for await (const line of createInterface({ input: started.stdout })) {
      if (line === LISTENING) return;
    }
    throw new Error("The reward service has ended before it listened.");
  }

  /** Kills it with -9: what it was about to credit is not credited. Does nothing while it is down. */
  async kill(): Promise<void> {
    const running = this.#process;
    if (running === null) return;
    this.#process = null;
    const hasEnded = running.exitCode !== null || running.signalCode !== null;
    if (hasEnded || !running.kill("SIGKILL")) return;
    await once(running, "exit");
  }
}

/** A reward service whose books lie in `folder`; down until it is started. `forgetsKeys`: for controls. */
export async function createRewardService(
  folder: string,
  { forgetsKeys }: { readonly forgetsKeys: boolean },
): Promise<RewardService> {
  return new RewardService({
    port: await findFreePort(),
    file: join(folder, "reward-service.jsonl"),
    secret: `whsec_${randomBytes(32).toString("base64")}`,
    forgetsKeys,
  });
}

import { randomBytes } from "node:crypto";
import { join } from "node:path";

import { findFreePort } from "../ports.ts";
import { findPostgresBinaries } from "../postgres-binaries.ts";
import { planPostgresLaunch } from "../postgres-launch.ts";
import { startPostgres, type PostgresServer } from "../postgres.ts";
import { descendantsOf, sendSignal } from "../processes.ts";

/** A Postgres of one's own that can go away and come back under the same address, with all its data. */
export class BreakableDatabase {
  readonly #start: () => Promise<PostgresServer>;
  #server: PostgresServer | null = null;

  constructor(start: () => Promise<PostgresServer>) {
    this.#start = start;
  }

  /** For DATABASE_URL, while it runs. */
  get url(): string {
    if (this.#server === null) throw new Error("This Postgres is stopped.");
    return this.#server.url("postgres");
  }

  /** Starts it; connections are refused until then. */
  async start(): Promise<void> {
    this.#server ??= await this.#start();
  }

  async stop(): Promise<void> {
    await this.#server?.stop();
    this.#server = null;
  }

  /** Ends it without any warning, as a power cut does. */
  async kill(): Promise<void> {
    this.#signal("SIGKILL");
    await this.#server?.exited;
    this.#server = null;
  }

  /** Connections are taken, and nobody answers. */
  freeze(): void {
    this.#signal("SIGSTOP");
  }

  thaw(): void {
    this.#signal("SIGCONT");
  }

  #signal(signal: NodeJS.Signals): void {
    if (this.#server === null) return;
    const { pid } = this.#server;
    for (const each of [pid, ...descendantsOf(pid).map((child) => child.pid)]) {
      sendSignal(each, signal);
    }
  }
}

/** A database whose data lie in `folder`. */
export async function breakableDatabase(folder: string): Promise<BreakableDatabase> {
  const log = () => {};
  const launch = planPostgresLaunch(
    findPostgresBinaries(),
    join(folder, "own-postgres"),
    join(folder, "shared"),
    log,
  );
  const port = await findFreePort();
  const password = randomBytes(16).toString("hex");
  const logFile = join(folder, "own-postgres.log");
  return new BreakableDatabase(() => startPostgres({ launch, port, password, logFile, log }));
}

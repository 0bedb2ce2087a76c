import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

import type { NeonEndpoint, NeonEndpointOptions } from "../../dev/neon-endpoint.ts";
import type { EndpointReply, EndpointRequest, StatementFigures } from "./endpoint-messages.ts";

const SCRIPT = fileURLToPath(new URL("endpoint-main.ts", import.meta.url));

/** A Neon endpoint in a process of its own. */
export class EndpointProcess {
  readonly #child: ChildProcess;

  constructor() {
    // Its own process group: Ctrl-C in the terminal must reach only the runner, which stops it in order.
    this.#child = fork(SCRIPT, { detached: true });
  }

  /** In place of `startNeonEndpoint`; takes the address and no fault plan. */
  async start({ serverUrl, port = 0 }: NeonEndpointOptions): Promise<NeonEndpoint> {
    const reply = await this.#ask({ ask: "start", serverUrl, port });
    if (reply.is !== "started") {
      throw new Error(`The Neon endpoint did not start: ${JSON.stringify(reply)}`);
    }
    return {
      url: reply.url,
      controlUrl: reply.controlUrl,
      port: reply.port,
      stop: () => this.stop(),
    };
  }

  /** What has come by so far. */
  async statements(): Promise<readonly StatementFigures[]> {
    const reply = await this.#ask({ ask: "statistics" });
    return reply.is === "statistics" ? reply.statements : [];
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, "exit");
    this.#child.kill("SIGTERM");
    await exited;
  }

  async #ask(request: EndpointRequest): Promise<EndpointReply> {
    const answered = once(this.#child, "message");
    this.#child.send(request);
    const [reply]: EndpointReply[] = await answered;
    if (reply === undefined) throw new Error("The endpoint's process did not answer.");
    return reply;
  }
}

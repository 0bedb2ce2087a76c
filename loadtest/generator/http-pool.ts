import { connect } from "node:net";

import { Connection, type Exchange, type Outcome, type WireRequest } from "./http-connection.ts";

/** What takes longer has failed, whatever it answers later. */
const REQUEST_TIMEOUT_MS = 60_000;
const TIMEOUT_SWEEP_MS = 1_000;

/**
 * Keeps connections to one server; a request takes an idle one, or opens one, or waits when there are `connectionsMax`.
 *
 * Written for this: node:http takes several times the CPU per request, and the generator shares the machine with what it
 * measures.
 */
export class HttpPool {
  readonly #host: string;
  readonly #port: number;
  readonly #connectionsMax: number;
  readonly #idle: Connection[] = [];
  readonly #all = new Set<Connection>();
  readonly #waiting: Exchange[] = [];
  readonly #sweep: NodeJS.Timeout;

  constructor(host: string, port: number, connectionsMax: number) {
    this.#host = host;
    this.#port = port;
    this.#connectionsMax = connectionsMax;
    this.#sweep = setInterval(() => {
      for (const connection of this.#all) connection.endIfLate(performance.now());
    }, TIMEOUT_SWEEP_MS);
  }

  /** The most connections that were open at once; at the limit, requests have waited in the generator. */
  get connections(): number {
    return this.#all.size;
  }

  /** Sends a request; settles with its outcome and never rejects. */
  send(request: WireRequest): Promise<Outcome> {
    return new Promise((deliver) => {
      const givesUpAt = performance.now() + REQUEST_TIMEOUT_MS;
      const exchange = { request, deliver, givesUpAt };
      const connection = this.#idle.pop() ?? this.#open();
      if (connection === null) this.#waiting.push(exchange);
      else connection.start(exchange);
    });
  }

  /** Ends all connections; what is under way is delivered as unknown. */
  close(): void {
    clearInterval(this.#sweep);
    for (const connection of this.#all) connection.end("closed");
  }

  #open(): Connection | null {
    if (this.#all.size >= this.#connectionsMax) return null;
    const connection = new Connection(connect(this.#port, this.#host), {
      free: () => {
        const next = this.#waiting.shift();
        if (next === undefined) this.#idle.push(connection);
        else connection.start(next);
      },
      gone: () => {
        this.#all.delete(connection);
        const index = this.#idle.indexOf(connection);
        if (index >= 0) this.#idle.splice(index, 1);
        const next = this.#waiting.shift();
        if (next !== undefined) this.#open()?.start(next);
      },
    });
    this.#all.add(connection);
    return connection;
  }
}

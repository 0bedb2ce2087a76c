import type { Socket } from "node:net";

import { AnswerParser, type HttpAnswer } from "./answer-parser.ts";

/** One request, ready for the wire. */
export interface WireRequest {
  readonly text: string;
  /** Whether the answer's body is looked at. */
  readonly keepsBody: boolean;
}

/** An answer. Status 0: there was none, and it is unknown whether the request took effect; `reason` says why. */
export interface Outcome extends HttpAnswer {
  readonly reason: string | null;
}

/** A request, who waits for its outcome, and until when on the clock of `performance.now()`. */
export interface Exchange {
  readonly request: WireRequest;
  readonly deliver: (outcome: Outcome) => void;
  readonly givesUpAt: number;
}

const NO_ANSWER = { status: 0, etag: null, body: "", bytes: 0, closes: true } as const;

/** One connection; one request at a time. Tells the pool when it is free, and when it is gone. */
export class Connection {
  readonly #socket: Socket;
  readonly #parser = new AnswerParser();
  readonly #pool: { free(): void; gone(): void };
  #current: Exchange | null = null;
  #reason = "the connection was closed";

  constructor(socket: Socket, pool: { free(): void; gone(): void }) {
    this.#socket = socket;
    this.#pool = pool;
    socket.setNoDelay(true);
    socket.on("data", (data: Buffer) => this.#receive(data));
    socket.on("error", (error) => {
      this.#reason = error.message;
    });
    socket.on("close", () => {
      this.#pool.gone();
      this.#deliverNothing();
    });
  }

  start(exchange: Exchange): void {
    this.#current = exchange;
    this.#parser.expect(exchange.request.keepsBody);
    this.#socket.write(exchange.request.text);
  }

  endIfLate(nowMs: number): void {
    if (this.#current !== null && nowMs > this.#current.givesUpAt) this.end("timed out");
  }

  end(reason: string): void {
    this.#reason = reason;
    this.#socket.destroy();
  }

  #receive(data: Buffer): void {
    try {
      const answer = this.#parser.push(data);
      if (answer === null) return;
      if (answer.closes) this.#socket.destroy();
      const delivered = this.#current;
      this.#current = null;
      if (!answer.closes) this.#pool.free();
      delivered?.deliver({ ...answer, reason: null });
    } catch (error) {
      this.end(error instanceof Error ? error.message : String(error));
    }
  }

  #deliverNothing(): void {
    const delivered = this.#current;
    this.#current = null;
    delivered?.deliver({ ...NO_ANSWER, reason: this.#reason });
  }
}

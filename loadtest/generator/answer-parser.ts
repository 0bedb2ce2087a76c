/** One answer off the wire. */
export interface HttpAnswer {
  readonly status: number;
  /** Header names in lower case; only those that the generator looks at. */
  readonly etag: string | null;
  /** The body where it was asked for, else empty; `bytes` counts it either way. */
  readonly body: string;
  readonly bytes: number;
  /** Whether the server ends the connection after this answer. */
  readonly closes: boolean;
}

const HEAD_END = Buffer.from("\r\n\r\n");
const LINE_END = Buffer.from("\r\n");
/** Workers answer with less than 2 KiB of headers; more means that this is not HTTP. */
const HEAD_BYTES_MAX = 65_536;

type State =
  | { readonly at: "head" }
  | { readonly at: "body"; left: number }
  | { readonly at: "chunk-size" | "trailer" }
  | { readonly at: "chunk"; left: number };

/**
 * Reads the answers of one connection, one request at a time.
 *
 * Made for a load generator: a body that nobody asked for is counted and dropped without being copied. Understands
 * Content-Length and chunked; throws on anything else.
 */
export class AnswerParser {
  #state: State = { at: "head" };
  #rest: Buffer = Buffer.alloc(0);
  #head = { status: 0, etag: null as string | null, closes: false };
  #pieces: Buffer[] = [];
  #bytes = 0;
  #keepsBody = false;

  /** Says what is expected next, before the request is sent. */
  expect(keepsBody: boolean): void {
    this.#keepsBody = keepsBody;
    this.#pieces = [];
    this.#bytes = 0;
  }

  /** Takes what arrived; the answer, once it is whole. */
  push(data: Buffer): HttpAnswer | null {
    this.#rest = this.#rest.length === 0 ? data : Buffer.concat([this.#rest, data]);
    for (;;) {
      const before = this.#rest.length;
      if (this.#step()) return this.#finish();
      // A step that took nothing waits for more.
      if (this.#rest.length === before || this.#rest.length === 0) return null;
    }
  }

  /** One step through the answer; true when it is whole. */
  #step(): boolean {
    const state = this.#state;
    switch (state.at) {
      case "head":
        return this.#readHead();
      case "body":
        this.#take(Math.min(state.left, this.#rest.length), state);
        return state.left === 0;
      case "chunk":
        this.#take(Math.min(state.left, this.#rest.length), state);
        if (state.left === 0) this.#state = { at: "chunk-size" };
        return false;
      case "chunk-size":
        return this.#readChunkSize();
      case "trailer":
        return this.#readLine() === "";
    }
  }

  #readHead(): boolean {
    const end = this.#rest.indexOf(HEAD_END);
    if (end < 0) {
      if (this.#rest.length > HEAD_BYTES_MAX) throw new Error("The answer has no end of headers.");
      return false;
    }
    const head = this.#rest.toString("latin1", 0, end);
    this.#rest = this.#rest.subarray(end + HEAD_END.length);
    const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]);
    if (Number.isNaN(status)) throw new Error(`Not an HTTP answer: ${head.slice(0, 80)}`);
    const closes = /\r\nconnection: close/i.test(head);
    this.#head = { status, etag: /\r\netag: ([^\r]+)/i.exec(head)?.[1] ?? null, closes };
    if (status === 304 || status === 204) return true;
    if (/\r\ntransfer-encoding: chunked/i.test(head)) {
      this.#state = { at: "chunk-size" };
      return false;
    }
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1]);
    if (Number.isNaN(length)) throw new Error("The answer does not tell its length.");
    this.#state = { at: "body", left: length };
    return length === 0;
  }

  #readChunkSize(): boolean {
    const line = this.#readLine();
    if (line === null) return false;
    // The line end behind a chunk reads as an empty line.
    if (line === "") return false;
    const size = Number.parseInt(line, 16);
    if (Number.isNaN(size)) throw new Error(`Not a chunk size: ${line.slice(0, 20)}`);
    this.#state = size === 0 ? { at: "trailer" } : { at: "chunk", left: size };
    return false;
  }

  #readLine(): string | null {
    const end = this.#rest.indexOf(LINE_END);
    if (end < 0) return null;
    const line = this.#rest.toString("latin1", 0, end);
    this.#rest = this.#rest.subarray(end + LINE_END.length);
    return line;
  }

  #take(count: number, state: { left: number }): void {
    if (this.#keepsBody && count > 0) this.#pieces.push(this.#rest.subarray(0, count));
    this.#rest = this.#rest.subarray(count);
    this.#bytes += count;
    state.left -= count;
  }

  #finish(): HttpAnswer {
    this.#state = { at: "head" };
    const body = this.#pieces.length === 0 ? "" : Buffer.concat(this.#pieces).toString("utf8");
    return { ...this.#head, body, bytes: this.#bytes };
  }
}

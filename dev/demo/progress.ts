/** A line on a terminal is written over at most this often; without a terminal a line goes out. */
const TERMINAL_EVERY_MS = 100;
const LOG_EVERY_MS = 2_000;
const ERASE_LINE = "\r\u001b[2K";

/** Shows what is going on, on standard error: the table alone goes to standard output. */
export class Progress {
  readonly #isTerminal = process.stderr.isTTY;
  #shownAt = 0;
  #topic = "";

  show(line: string): void {
    const now = Date.now();
    const topic = line.replace(/\d+.*$/, "");
    const every = this.#isTerminal ? TERMINAL_EVERY_MS : LOG_EVERY_MS;
    if (topic === this.#topic && now - this.#shownAt < every) return;
    this.#topic = topic;
    this.#shownAt = now;
    process.stderr.write(this.#isTerminal ? `${ERASE_LINE}${line}` : `${line}\n`);
  }

  end(): void {
    if (this.#isTerminal) process.stderr.write(ERASE_LINE);
  }
}

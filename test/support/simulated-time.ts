interface Timer {
  readonly at: number;
  readonly order: number;
  readonly action: () => void;
}

/** Turns of the microtask queue that let every promise chain of a shard settle. */
const TURNS = 200;

/** A clock that stands still until it is told to go; timers run in order of their time. */
export class SimulatedTime {
  #now = Date.UTC(2026, 0, 15, 12);
  #order = 0;
  #timers: Timer[] = [];

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, action: () => void): () => void {
    const timer = { at: this.#now + milliseconds, order: this.#order++, action };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Lets time pass, with every timer that becomes due and everything that follows from it. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    await settle();
    for (;;) {
      const next = this.#timers
        .filter((timer) => timer.at <= end)
        .toSorted((a, b) => a.at - b.at || a.order - b.order)[0];
      if (next === undefined) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#now = Math.max(this.#now, next.at);
      next.action();
      await settle();
    }
    this.#now = end;
  }

  /** Waits for a promise while time passes. */
  async until<T>(promise: Promise<T>): Promise<T> {
    let isDone = false;
    const watched = promise.finally(() => {
      isDone = true;
    });
    watched.catch(() => undefined);
    for (let steps = 0; !isDone; steps++) {
      if (steps > 2_000) throw new Error("The promise does not settle, however much time passes.");
      await this.pass(5);
    }
    return watched;
  }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) await Promise.resolve();
}

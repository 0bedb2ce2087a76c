import type { FlushPass } from "./flush-pass.ts";
import { ALARM_OVERDUE_MS, BACKOFF_MAX_MS } from "./limits.ts";
import type { Parked } from "./parked.ts";
import type { ShardPorts } from "./ports.ts";

/**
 * What the alarm does: a pass once a second, while there is work.
 *
 * Never throws: the platform drops an alarm after six failures. Arms the next one as long as work is left, later and later
 * while Postgres is away.
 */
export class Pump {
  readonly #pass: FlushPass;
  readonly #parked: Parked;
  readonly #ports: ShardPorts;
  #isRunning = false;
  #armedFor: number | null = null;
  #failures = 0;
  #lastError: string | null = null;

  constructor(pass: FlushPass, parked: Parked, ports: ShardPorts) {
    this.#pass = pass;
    this.#parked = parked;
    this.#ports = ports;
  }

  /** Why the last pass failed, or what it could not do; null after a successful one. */
  get lastError(): string | null {
    return this.#lastError;
  }

  /** Arms the alarm when there is work and none is armed, or the armed one is overdue: alarms can get lost. */
  arm(): void {
    if (this.#isRunning || !this.#pass.hasWork) return;
    const { realClock, settings } = this.#ports;
    const now = realClock.now();
    if (this.#armedFor !== null && now < this.#armedFor + ALARM_OVERDUE_MS) return;
    this.#setAlarm(now + settings.flushIntervalMs);
  }

  /** One pass; see the class. */
  async run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#armedFor = null;
    try {
      if (this.#pass.hasWork) await this.#pass.run();
      this.#failures = 0;
      const { stuck } = this.#parked;
      this.#lastError = stuck === 0 ? null : `Operations of ${stuck} players cannot be applied.`;
    } catch (error) {
      this.#failures++;
      this.#lastError = error instanceof Error ? error.message : String(error);
      this.#ports.log("flush-failed", { shard: this.#ports.shard, error: this.#lastError });
    } finally {
      this.#isRunning = false;
      this.#rearm();
    }
  }

  #rearm(): void {
    if (!this.#pass.hasWork) return;
    const { realClock, settings } = this.#ports;
    const backoff = settings.flushIntervalMs * 2 ** Math.min(this.#failures, 10);
    this.#setAlarm(realClock.now() + Math.min(backoff, BACKOFF_MAX_MS));
  }

  #setAlarm(at: number): void {
    this.#armedFor = at;
    this.#ports.setAlarm(at);
  }
}

import type { LogEvents } from "../log-events.ts";
import type { FlushPass } from "./flush-pass.ts";
import { ALARM_OVERDUE_MS, BACKOFF_MAX_MS, PASS_LOST_MS } from "./limits.ts";
import type { ShardPorts } from "./ports.ts";

/**
 * What the alarm does: a pass once a second, while there is work.
 *
 * Never throws: the platform drops an alarm after six failures. Arms the next one as long as work is left, later and later
 * while Postgres is away.
 */
export class Pump {
  readonly #pass: FlushPass;
  readonly #ports: ShardPorts;
  /** When the running pass began; null when none runs. */
  #runningSince: number | null = null;
  #armedFor: number | null = null;
  #failures = 0;
  #lastError: string | null = null;

  constructor(pass: FlushPass, ports: ShardPorts) {
    this.#pass = pass;
    this.#ports = ports;
  }

  /** Why the last pass failed, or what it could not do; null after a successful one. */
  get lastError(): string | null {
    return this.#lastError;
  }

  /** Arms the alarm when there is work and none is armed, or the armed one is overdue: alarms can get lost. */
  arm(): void {
    const { realClock, settings } = this.#ports;
    const now = realClock.now();
    if (this.#isRunning(now) || !this.#pass.hasWork) return;
    if (this.#armedFor !== null && now < this.#armedFor + ALARM_OVERDUE_MS) return;
    this.#setAlarm(now + settings.flushIntervalMs);
  }

  /** Has the next pass begin at once, when there is work: somebody waits for it. */
  hurry(): void {
    const now = this.#ports.realClock.now();
    if (!this.#isRunning(now) && this.#pass.hasWork) this.#setAlarm(now);
  }

  /** One pass; see the class. */
  async run(): Promise<void> {
    const now = this.#ports.realClock.now();
    if (this.#isRunning(now)) return;
    this.#runningSince = now;
    const flushedAt = this.#pass.lastFlushAt;
    this.#armedFor = null;
    let isDone = false;
    try {
      if (this.#pass.hasWork) await this.#pass.run();
      this.#failures = 0;
      isDone = true;
      this.#lastError = this.#pass.trouble;
    } catch (error) {
      this.#failed(error, this.#pass.lastFlushAt !== flushedAt);
    } finally {
      this.#runningSince = null;
      this.#rearm();
      this.#log(now, isDone, this.#pass.lastFlushAt !== flushedAt);
    }
  }

  #log(startedAt: number, isDone: boolean, hasFlushed: boolean): void {
    const { shard, realClock, log } = this.#ports;
    const now = realClock.now();
    log("alarm", {
      shard,
      outcome: outcomeOf(isDone, hasFlushed, this.#pass.isStopped),
      milliseconds: now - startedAt,
      journalDepth: this.#pass.journalDepth,
      nextInMs: this.#armedFor === null ? null : Math.max(0, this.#armedFor - now),
    });
  }

  #isRunning(now: number): boolean {
    return this.#runningSince !== null && now < this.#runningSince + PASS_LOST_MS;
  }

  /** A pass that failed in part and flushed all the same is no reason to come later, nor is Postgres behind for it. */
  #failed(error: unknown, hasFlushed: boolean): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.#failures = hasFlushed ? 0 : this.#failures + 1;
    this.#lastError = hasFlushed ? null : reason;
    this.#ports.log("flush-failed", { shard: this.#ports.shard, error: reason });
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

function outcomeOf(
  isDone: boolean,
  hasFlushed: boolean,
  isStopped: boolean,
): LogEvents["alarm"]["outcome"] {
  if (isStopped) return "stopped";
  if (!isDone) return "failed";
  return hasFlushed ? "flushed" : "nothing-to-flush";
}

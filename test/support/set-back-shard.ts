import { retryLetters } from "./retry-letters.ts";
import { KILLS } from "./simulated-parts.ts";
import { SimulatedShard } from "./simulated-shard.ts";

/** Flushes that a refused player takes until its letter is written, with another one refused before it. */
const LETTER_PASSES = 4;

/** A shard whose Postgres can be set back. Kills are counted, each by an event of its own. */
export class SetBackShard extends SimulatedShard {
  constructor(flushRowsMax = 2_000) {
    super(KILLS, { settings: { limits: { flushRowsMax } } });
  }

  async kill(userId: string, ...events: readonly string[]): Promise<string[]> {
    const wishes = events.map((eventId) => ({ eventId, userId }));
    const outcome = await this.time.until(this.events(wishes));
    return outcome.ok ? outcome.value.map(({ status }) => status) : [outcome.failure.code];
  }

  async flush(): Promise<void> {
    await this.time.until(this.alarm());
  }

  /** A flush that goes wrong. */
  async flushWith(fate: "late" | "lost-answer"): Promise<void> {
    this.store.fate = (kind) => (kind === "flush" ? fate : "ok");
    await this.flush();
    this.store.fate = () => "ok";
  }

  /** A flush in which Postgres refuses every row: what the players did goes into letters. */
  async flushIntoLetters(): Promise<void> {
    this.store.refuses = ({ rows }) => (rows.length > 0 ? "out of range" : null);
    for (let passes = 0; passes < LETTER_PASSES; passes++) await this.flush();
    this.store.refuses = () => null;
  }

  retryLetters(userId: string): Promise<string[]> {
    return retryLetters(this, userId);
  }

  resume(isDryRun = false, id = "operator-1") {
    return this.time.until(this.engine.resume(id, isDryRun));
  }

  /** As the platform does when an instance has ended itself. */
  async restart(): Promise<void> {
    await this.time.pass(1_000);
    if (this.aborted === null) throw new Error("The instance has not ended itself.");
    this.start();
  }

  async kills(userId: string): Promise<number | undefined> {
    await this.flush();
    return this.store.rowsOf(this.player(userId)).get("kills")?.row.eventCount;
  }
}

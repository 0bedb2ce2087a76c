import { type Outcome, refuse } from "../core/errors.ts";
import type { ResumeReport } from "../core/set-back.ts";
import type { Fence } from "../core/shard-store.ts";
import { type FenceKeeper, ShardStopped } from "./fence-keeper.ts";
import { OVERLOAD_RETRY_SECONDS, RESUME_RESTART_MS } from "./limits.ts";
import type { ShardMemory } from "./memory.ts";
import type { ShardPorts } from "./ports.ts";
import { retakeFence } from "./retake-fence.ts";
import { type Sql, textOf } from "./sql.ts";
import { writeOrAbort } from "./write-or-abort.ts";

/**
 * Lets a shard go on whose Postgres was set back in time, once an operator says so.
 *
 * First it takes the restored fence in an epoch above all that were ever given, so that no statement of the old times gets
 * through any more. Then, in one write, it takes that fence for what it has seen, and forgets the ids of what is lost, and
 * which operations of letters were retried with it, and ends the instance. The next one applies what the journal holds over
 * the restored rows, as after any restart.
 */
export class Resume {
  readonly #memory: ShardMemory;
  readonly #fence: FenceKeeper;
  readonly #ports: ShardPorts;
  /** Takes no more calls: what they would be answered does not hold in the next instance. */
  readonly #close: () => void;
  #isEnding = false;

  constructor(memory: ShardMemory, fence: FenceKeeper, ports: ShardPorts, close: () => void) {
    this.#memory = memory;
    this.#fence = fence;
    this.#ports = ports;
    this.#close = close;
    ports.sql.run(
      "CREATE TABLE IF NOT EXISTS resumed (one INTEGER PRIMARY KEY, id TEXT NOT NULL, report TEXT NOT NULL)",
    );
  }

  /** A repeat of the last resume gets its report. CONFLICT for a shard that is not stopped for this reason. */
  async run(id: string, isDryRun: boolean): Promise<Outcome<ResumeReport>> {
    const known = lastReport(this.#ports.sql, id);
    if (known !== null) return { ok: true, value: known };
    try {
      if (!(await this.#isSetBack())) {
        return refuse(
          "CONFLICT",
          `Shard ${this.#ports.shard} is not stopped: its Postgres was not set back in time.`,
        );
      }
      if (isDryRun) return { ok: true, value: await this.#foresee() };
      const fence = await retakeFence(this.#ports, this.#fence.lastEpoch ?? 0);
      // From here to the end of the instance without an await: two resumes must not both get in.
      return this.#isEnding ? ended() : { ok: true, value: this.#resume(id, fence) };
    } catch (error) {
      if (error instanceof ShardStopped) return ended();
      return refuse("DATABASE_UNAVAILABLE", "Postgres does not answer. Send the request again.", {
        retryAfterSeconds: OVERLOAD_RETRY_SECONDS,
      });
    }
  }

  /** Looks at the fence as it is now: a shard that has nothing to flush may not have noticed yet. */
  async #isSetBack(): Promise<boolean> {
    try {
      await this.#fence.ensure();
      await this.#fence.read();
      return false;
    } catch (error) {
      if (error instanceof ShardStopped && this.#fence.isSetBack) return true;
      throw error;
    }
  }

  async #foresee(): Promise<ResumeReport> {
    const { store, shard } = this.#ports;
    const fence = await store.readFence(shard);
    const high = fence?.high ?? (await store.highestApplied(shard));
    const { loss, lost, survives, retries } = this.#lossWith(fence, high);
    const resendableIds = this.#memory.lostIds.count(lost, survives, retries);
    return { shard, ...loss, isResumed: false, resendableIds };
  }

  /** `high`: no row contains an operation above it. What may be in some row keeps its id: sent again, it would count twice. */
  #lossWith(fence: Fence | null, high: number) {
    const loss = this.#fence.lossWith(fence);
    const lost = { above: Math.max(loss.containedUpTo, high), upto: loss.flushedUpTo };
    const { journal, retried } = this.#memory;
    const survives = retried.withRetried(lost, (position) => journal.holds(position));
    return { loss, lost, survives, retries: retried.lost(lost, survives) };
  }

  #resume(id: string, fence: Fence): ResumeReport {
    const { shard, clock, realClock, settings, setAlarm, after, abort, log, sql } = this.#ports;
    const { lostIds, retried, grantDoubts } = this.#memory;
    const { loss, lost, survives, retries } = this.#lossWith(fence, fence.high);
    const report = writeOrAbort(this.#ports, "The resume", () => {
      const resendableIds = lostIds.forget(lost, survives, retries);
      retried.forget(retries);
      this.#fence.takeBack(fence);
      // Claims of the lost span may have been paid, and no row tells of them any more.
      grantDoubts.noteSetBack({ at: realClock.now(), ruledAt: this.#memory.arrival(clock.now()) });
      const made: ResumeReport = { shard, ...loss, isResumed: true, resendableIds };
      const query = "INSERT OR REPLACE INTO resumed (one, id, report) VALUES (1, ?, ?)";
      sql.run(query, id, JSON.stringify(made));
      return made;
    });
    this.#isEnding = true;
    this.#close();
    log("shard-resumed", {
      shard,
      lostAtMost: loss.lostAtMost,
      resendableIds: report.resendableIds,
    });
    setAlarm(realClock.now() + settings.flushIntervalMs);
    after(RESUME_RESTART_MS, () => abort("The shard goes on after Postgres was set back."));
    return report;
  }
}

function lastReport(sql: Sql, id: string): ResumeReport | null {
  for (const row of sql.all("SELECT report FROM resumed WHERE id = ?", id)) {
    const report: ResumeReport = JSON.parse(textOf(row, "report"));
    return report;
  }
  return null;
}

function ended(): ReturnType<typeof refuse> {
  return refuse("SHARD_UNAVAILABLE", "This instance of the shard is ending. Ask again.", {
    retryAfterSeconds: OVERLOAD_RETRY_SECONDS,
  });
}

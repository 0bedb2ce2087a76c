import { type FlushAttempt, StoreError } from "../core/shard-store.ts";
import type { FenceKeeper } from "./fence-keeper.ts";
import { type FlushPlan, planFlush } from "./flush-plan.ts";
import { FLUSH_PLAYERS_MAX, FLUSH_ROWS_MAX, OPEN_FLUSHES_MAX } from "./limits.ts";
import type { ShardMemory } from "./memory.ts";
import type { ShardPorts } from "./ports.ts";
import type { Resident } from "./resident.ts";
import { writeOrAbort } from "./write-or-abort.ts";

/** What a flush came to. */
export type FlushResult =
  /** The fence moved: rows and marks are in Postgres. */
  | {
      readonly outcome: "moved";
      readonly players: number;
      readonly rows: number;
      /** Dirty players for whom the statement had no room. */
      readonly leftOut: number;
    }
  /** The fence was read, and an earlier attempt may have been recognised; what is dirty now is still to be sent. */
  | { readonly outcome: "settled" }
  /** Nothing to write. */
  | { readonly outcome: "idle" };

/** What to do when it turns out that an attempt has committed; the rows themselves need not be kept. */
interface OpenFlush {
  readonly upto: number;
  readonly players: readonly { readonly name: string; readonly applied: number }[];
}

/**
 * Moves what Postgres lacks there, one fenced statement at a time.
 *
 * Every attempt has its own number. After anything but a plain success the fence is read before another statement is
 * sent: it tells which of the attempts, if any, had committed. A statement that arrives late finds another number in the
 * fence and does nothing; one that arrives in between is recognised by its number.
 */
export class Flusher {
  readonly #memory: ShardMemory;
  readonly #fence: FenceKeeper;
  readonly #ports: ShardPorts;
  /** By number: attempts that may still commit, or have. All of them follow the same committed flush. */
  readonly #open = new Map<number, OpenFlush>();
  #lastNumber = 0;
  #isUnsettled = false;

  constructor(memory: ShardMemory, fence: FenceKeeper, ports: ShardPorts) {
    this.#memory = memory;
    this.#fence = fence;
    this.#ports = ports;
  }

  /** Sends one statement, or settles an earlier one. Needs the fence claimed. Throws StoreError and ShardStopped. */
  async flush(): Promise<FlushResult> {
    if (this.#isUnsettled) {
      await this.#settle();
      return { outcome: "settled" };
    }
    const plan = this.#plan();
    if (plan === null) return { outcome: "idle" };
    const attempt = this.#attempt(plan);
    if (!(await this.#send(attempt))) {
      if (await this.#settle()) return { outcome: "settled" };
      throw new Error("Postgres did not move the fence, and the fence shows no reason for it.");
    }
    this.#confirm(attempt.flush);
    const rows = attempt.players.reduce((sum, player) => sum + player.rows.length, 0);
    return { outcome: "moved", players: attempt.players.length, rows, leftOut: plan.leftOut };
  }

  #plan(): FlushPlan<Resident> | null {
    const { journal, residents, parked } = this.#memory;
    const { limits } = this.#ports.settings;
    const plan = planFlush({
      dirty: residents.dirtyOldestFirst(),
      parkedSince: parked.since,
      last: journal.last,
      upto: this.#fence.upto,
      rowsMax: limits?.flushRowsMax ?? FLUSH_ROWS_MAX,
      playersMax: FLUSH_PLAYERS_MAX,
    });
    // Without players the fence still moves: over operations whose rows turned out to hold them already.
    const isEmpty = journal.size.operations === 0;
    const isUseful = plan.players.length > 0 || (plan.upto > this.#fence.upto && !isEmpty);
    return isUseful ? plan : null;
  }

  #attempt(plan: FlushPlan<Resident>): FlushAttempt {
    const previous = this.#fence.flush;
    this.#lastNumber = Math.max(this.#lastNumber, previous) + 1;
    const snapshots = plan.players.map((resident) => ({ resident, part: resident.snapshot() }));
    this.#open.set(this.#lastNumber, {
      upto: plan.upto,
      players: snapshots.map(({ resident: { name }, part: { applied } }) => ({ name, applied })),
    });
    return {
      shard: this.#ports.shard,
      epoch: this.#fence.epoch ?? 0,
      flush: this.#lastNumber,
      previous,
      upto: plan.upto,
      high: this.#memory.journal.last,
      players: snapshots.map(({ part }) => part),
    };
  }

  /** Whether the fence moved. Throws when that is not known, or when Postgres refused the statement. */
  async #send(attempt: FlushAttempt): Promise<boolean> {
    this.#isUnsettled = true;
    try {
      return await this.#ports.store.flush(attempt);
    } catch (error) {
      // What certainly did not commit never will.
      if (error instanceof StoreError && error.isDefinite) this.#open.delete(attempt.flush);
      if (this.#open.size > OPEN_FLUSHES_MAX) {
        // The next instance's epoch makes all of them void; nothing else does, as long as none commits.
        this.#ports.abort(`The end of ${this.#open.size} flushes is unknown.`);
      }
      throw error;
    }
  }

  /** Reads the fence. True when it shows that one of the attempts had committed. */
  async #settle(): Promise<boolean> {
    const { flush } = await this.#fence.read();
    const hasMoved = flush !== this.#fence.flush;
    if (hasMoved) {
      if (!this.#open.has(flush)) this.#fence.foreignEpoch(null);
      this.#confirm(flush);
      this.#ports.log("flush-recognised", { shard: this.#ports.shard, flush });
    }
    this.#isUnsettled = false;
    return hasMoved;
  }

  #confirm(flush: number): void {
    const confirmed = this.#open.get(flush);
    if (confirmed === undefined) return;
    const { upto, players } = confirmed;
    writeOrAbort(this.#ports, "The end of a flush", () => {
      this.#fence.moved(flush, upto);
      this.#memory.journal.trim(upto);
    });
    this.#open.clear();
    this.#isUnsettled = false;
    for (const { name, applied } of players) this.#memory.residents.stored(name, applied);
  }
}
